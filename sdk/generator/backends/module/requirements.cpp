// See requirements.hpp.
#include "generator/backends/module/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
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

// What the author is told to return: the usual type where there is a choice.
std::string author_result(const Interface& interface, const Result& result) {
  if (is_class(result.type)) {
    const Class& of = class_of(interface, result.type);
    const std::string type = object_type(interface, of);
    return is_authors(of) ? type : "tally::Own<" + type + ">";
  }
  const bool is_text = std::holds_alternative<Text>(result.type);
  if (is_memory(result.type) && result.passing == Passing::view)
    return is_text ? "std::string_view" : "tally::Bytes";
  if (is_memory(result.type)) return is_text ? "std::string" : "std::vector<std::uint8_t>";
  const std::string type = cpp::value_type(interface, result.type);
  return std::holds_alternative<EnumType>(result.type) ? interface.name + "::" + type : type;
}

// The runtime's concept of all that can be returned.
std::string result_concept(const Interface& interface, const Result& result) {
  const bool is_text = std::holds_alternative<Text>(result.type);
  if (is_class(result.type))
    return fmt::format("rt::OwnObject<{}>", object_type(interface, class_of(interface, result.type)));
  if (is_memory(result.type) && result.passing == Passing::view) return "rt::Viewed";
  if (is_memory(result.type)) return is_text ? "rt::OwnText" : "rt::OwnBytes";
  const std::string type = author_result(interface, result);
  if (std::holds_alternative<EnumType>(result.type)) return fmt::format("rt::ChoiceOf<{}>", type);
  return type == "bool" ? "rt::Flag" : fmt::format("rt::NumberFor<{}>", type);
}

struct Wanted {
  std::vector<std::string> declared;  // parameters of the requires-expression
  std::vector<std::string> shown;     // the same, as the author writes them
  std::vector<std::string> types;     // and without their names
  std::vector<std::string> given;     // arguments of the call
};

Wanted wanted_of(const Interface& interface, const Function& function) {
  Wanted wanted;
  for (const Parameter& parameter : function.parameters()) {
    const std::string shown = author_parameter(interface, parameter);
    wanted.shown.push_back(shown);
    wanted.types.push_back(shown.substr(0, shown.rfind(' ')));
    wanted.given.push_back(is_taken(parameter) ? "std::move(" + parameter.name + ")" : parameter.name);
  }
  wanted.declared = wanted.shown;
  if (function.method) wanted.declared.insert(wanted.declared.begin(), "Class& self");
  return wanted;
}

bool is_constructor(const Function& function) {
  return function.creator && function.name == "create";
}

std::string caller(const Function& function) {
  if (function.method)
    return fmt::format("{}.{}", function.consumes_self() ? "std::move(self)" : "self", function.name);
  return is_constructor(function) ? "Class" : fmt::format("Class::{}", function.name);
}

std::string in_words(const Interface& interface, const Function& function, const Wanted& wanted) {
  const std::string type = function.owner ? pascal_case(function.owner->name) : "";
  const std::string kind = function.static_function   ? "a function of the namespace"
                           : function.method          ? "a member function of " + type
                           : is_constructor(function) ? "a constructor of " + type
                                                      : "a static member function of " + type;
  std::string returns;
  if (function.result()) returns = " -> " + author_result(interface, *function.result());
  if (function.creator && !is_constructor(function)) returns = " -> " + type;
  return fmt::format("{}.{} needs {}: {}({}){}{}", interface.name, qualified_name(function), kind,
                     is_constructor(function) ? type : std::string(function.name), join(wanted.shown, ", "),
                     function.is_realtime() ? " noexcept" : "", returns);
}

// The call, as a requirement: of its result, too, if the author has a say in that.
std::string use(const Interface& interface, const Function& function, const std::string& callee,
                const std::vector<std::string>& given) {
  std::string result;
  if (function.result()) result = result_concept(interface, *function.result());
  if (function.creator && !is_constructor(function)) result = "rt::NewObject<Class>";
  const std::string promise = function.is_realtime() ? " noexcept" : "";
  if (result.empty() && promise.empty()) return list(callee + "(", given, ");", 2);
  if (result.empty()) return list("{ " + callee + "(", given, ") }" + promise + ";", 2);
  const std::string line = list("{ " + callee + "(", given, ") }" + promise + " -> " + result + ";", 2);
  if (line.find('\n') == std::string::npos) return line;
  return list("{ " + callee + "(", given, ") }" + promise, 2) + "\n->" + result + ";";
}

std::string assertion(const Interface& interface, const Function& function,
                      const std::vector<std::string>& of, const Wanted& wanted) {
  const std::string name = pascal_case(c::slot_name(function));
  return fill(R"(
${assert}
              ${text});
)",
              {{"assert", list(fmt::format("static_assert(Has{}<", name), of, ">,")},
               {"text", string_literal_lines(in_words(interface, function, wanted))}});
}

// A free function can't be asked for by a template's argument, so the types of its arguments are the
// template's: what depends on none is an error of the compiler's own, and not one that an assertion can say.
std::string function_requirement(const Interface& interface, const Function& function) {
  const Wanted wanted = wanted_of(interface, function);
  return fill(R"(
template <class... Given>
concept Has${name} = requires(Given... given) {
  ${use}
};
)",
              {{"name", pascal_case(c::slot_name(function))},
               {"use", use(interface, function, fmt::format("offered_::{}", function.name),
                           {"std::forward<Given>(given)..."})}}) +
         assertion(interface, function, wanted.types, wanted);
}

// Compilers show the line on which they miss a class, and so what it is for.
std::string class_lookups(const Interface& interface) {
  std::size_t width = 0;
  for (const Class& each : interface.classes)
    if (is_authors(each)) width = std::max(width, pascal_case(each.name).size());
  std::string text;
  for (const Class& each : interface.classes) {
    if (!is_authors(each)) continue;
    const std::string type = pascal_case(each.name);
    text += fmt::format("using author::{};{}  // {}.{} needs a class of the namespace: {}\n", type,
                        std::string(width - type.size(), ' '), interface.name, each.name, type);
  }
  return text;
}

}  // namespace

bool is_required(const Function& function) {
  return function.static_function || ((function.creator || function.method) && is_authors(*function.owner));
}

std::string lookups(const Interface& interface) {
  std::string text;
  if (const std::string classes = class_lookups(interface); !classes.empty())
    text += fill("\n\nnamespace classes_ {\n${classes}\n}  // namespace classes_\n", {{"classes", classes}});
  std::string functions;
  for (const Function& function : functions_in_table_order(interface))
    if (function.static_function) functions += fmt::format("void {}(rt::Nothing);\n", function.name);
  if (functions.empty()) return text;
  return text + fill(R"(

// Functions of the author's are looked for together with these, which nobody can call: so a missing one is
// for its assertion to say.
namespace wanted_ {
${functions}
}  // namespace wanted_
namespace offered_ {
using namespace author;
using namespace wanted_;
}  // namespace offered_
)",
                     {{"functions", functions}});
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
               {"use", use(interface, function, caller(function), wanted.given)}}) +
         assertion(interface, function, {object_type(interface, *function.owner)}, wanted);
}

}  // namespace tally::generator::module
