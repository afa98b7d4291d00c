// See requirements.hpp.
#include "generator/backends/module/requirements.hpp"

#include <fmt/format.h>

#include <vector>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/cpp/naming.hpp"
#include "generator/backends/layout.hpp"
#include "generator/backends/module/naming.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::module {

using namespace model;

namespace {

// The author's side of a parameter.
std::string author_parameter(const Interface& interface, const Parameter& parameter) {
  const std::string& name = parameter.name;
  if (is_class(parameter.type)) {
    const std::string of = object_type(interface, class_of(interface, parameter.type));
    return (is_taken(parameter) ? "tally::Own<" + of + "> " : of + "& ") + name;
  }
  if (const auto* callback = std::get_if<CallbackType>(&parameter.type))
    return callback_type(interface, interface.callbacks[callback->index]) + " " + name;
  if (is_memory(parameter.type) && is_taken(parameter)) return "tally::OwnedBytes " + name;
  const std::string text = cpp::parameter(interface, parameter, false);
  return std::holds_alternative<EnumType>(parameter.type) ? interface.name + "::" + text : text;
}

struct Wanted {
  std::vector<std::string> declared;  // parameters of the requires-expression
  std::vector<std::string> shown;     // the same, as the author writes them
  std::vector<std::string> given;     // arguments of the call
};

Wanted wanted_of(const Interface& interface, const Function& function) {
  Wanted wanted;
  for (const Parameter& parameter : function.parameters()) {
    wanted.shown.push_back(author_parameter(interface, parameter));
    wanted.given.push_back(is_taken(parameter) ? "std::move(" + parameter.name + ")" : parameter.name);
  }
  wanted.declared = wanted.shown;
  if (function.method) wanted.declared.insert(wanted.declared.begin(), "Class& self");
  return wanted;
}

std::string caller(const Function& function) {
  if (function.method)
    return fmt::format("{}.{}", function.consumes_self() ? "std::move(self)" : "self", function.name);
  return function.name == "create" ? "Class" : fmt::format("Class::{}", function.name);
}

std::string in_words(const Function& function, const Wanted& wanted) {
  const std::string type = pascal_case(function.owner->name);
  const bool is_constructor = function.creator && function.name == "create";
  const std::string kind = function.method  ? "a member function of"
                           : is_constructor ? "a constructor of"
                                            : "a static member function of";
  return fmt::format("{} {}: {}({})", kind, type, is_constructor ? type : std::string(function.name),
                     join(wanted.shown, ", "));
}

std::string assertion(const Interface& interface, const Function& function, const std::string& of,
                      const std::string& words) {
  return fill(R"(
static_assert(Has${concept}<${of}>,
              ${text});
)",
              {{"concept", pascal_case(c::slot_name(function))},
               {"of", of},
               {"text", string_literal_lines(fmt::format("{}.{} needs {}", interface.name,
                                                         qualified_name(function), words))}});
}

// A free function can't be asked for by a template's argument, so its arguments stand for it.
std::string function_requirement(const Interface& interface, const Function& function) {
  const Wanted wanted = wanted_of(interface, function);
  const std::string head = fmt::format("concept Has{} = requires", pascal_case(c::slot_name(function)));
  return fill(R"(
template <class>
${head}
  ${use}
};
)",
              {{"head", wanted.declared.empty() ? head + " {" : list(head + "(", wanted.declared, ") {")},
               {"use", list(fmt::format("author::{}(", function.name), wanted.given, ");", 2)}}) +
         assertion(
             interface, function, "void",
             fmt::format("a function of the namespace: {}({})", function.name, join(wanted.shown, ", ")));
}

}  // namespace

bool is_required(const Function& function) {
  return function.static_function || ((function.creator || function.method) && is_authors(*function.owner));
}

std::string requirement(const Interface& interface, const Function& function) {
  if (function.static_function) return function_requirement(interface, function);
  const Wanted wanted = wanted_of(interface, function);
  const std::string head = fmt::format("concept Has{} = requires", pascal_case(c::slot_name(function)));
  return fill(R"(
template <class Class>
${head}
  ${use}
};
)",
              {{"head", wanted.declared.empty() ? head + " {" : list(head + "(", wanted.declared, ") {")},
               {"use", list(caller(function) + "(", wanted.given, ");", 2)}}) +
         assertion(interface, function, object_type(interface, *function.owner), in_words(function, wanted));
}

}  // namespace tally::generator::module
