// X.hpp: for each class a reference, which calls, and an owner, which also gives the object back.
#include <fmt/format.h>

#include <set>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/cpp/backend.hpp"
#include "generator/backends/layout.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::cpp {

using namespace model;

namespace {

bool is_memory(const Type& type) {
  return std::holds_alternative<Text>(type) || std::holds_alternative<Bytes>(type);
}

std::vector<std::string> parameters(const Interface& interface, const Function& function, bool with_defaults,
                                    std::vector<std::string> first = {}) {
  for (const Parameter& each : function.parameters())
    first.push_back(parameter(interface, each, with_defaults));
  return first;
}

std::string argument(const Interface& interface, const Parameter& parameter) {
  const std::string& name = parameter.name;
  if (is_memory(parameter.type)) return fmt::format("{0}.data(), {0}.size()", name);
  if (std::holds_alternative<ClassType>(parameter.type)) {
    return parameter.passing == Passing::own ? fmt::format("tally::give({})", name) : name + ".handle()";
  }
  if (std::holds_alternative<EnumType>(parameter.type))
    return fmt::format("static_cast<std::int32_t>({})", name);
  (void)interface;
  return name;
}

std::vector<std::string> arguments(const Interface& interface, const Function& function,
                                   std::vector<std::string> first, const std::string& last) {
  for (const Parameter& each : function.parameters()) first.push_back(argument(interface, each));
  if (!last.empty()) first.push_back(last);
  return first;
}

std::string result_type(const Interface& interface, const Method& method) {
  if (!method.result) return "void";
  if (is_memory(method.result->type)) return "tally::Blob";
  if (const auto* type = std::get_if<ClassType>(&method.result->type))
    return owner_name(interface.classes[type->index]);
  return value_type(interface, method.result->type);
}

// The three lines of a method: room for the result, the call, the result. Names of our own end in an
// underscore, which a parameter's can't.
std::string method_body(const Interface& interface, const Function& function) {
  const Method& method = *function.method;
  const std::string self = method.consumes_self ? "tally::give(*this)" : "handle_";
  const auto call = [&](const std::string& out) {
    return list(fmt::format("detail::check(api_->{}(", c::slot_name(function)),
                arguments(interface, function, {self}, out), "));\n", 2);
  };
  if (!method.result) return call("");
  if (is_memory(method.result->type))
    return "tally::Blob out_;\n" + call("out_.receive()") + "return out_;\n";
  if (const auto* type = std::get_if<ClassType>(&method.result->type)) {
    const Class& of = interface.classes[type->index];
    return fmt::format("{}* out_ = nullptr;\n", c::type_name(interface, of)) + call("&out_") +
           fmt::format("return {}(api_, out_);\n", owner_name(of));
  }
  const std::string type = c::value_type(interface, method.result->type);
  const std::string value = value_type(interface, method.result->type);
  const std::string back = value == "bool" ? "out_ != 0"
                           : std::holds_alternative<EnumType>(method.result->type)
                               ? fmt::format("static_cast<{}>(out_)", value)
                               : "out_";
  return fmt::format("{} out_{{}};\n", type) + call("&out_") + fmt::format("return {};\n", back);
}

std::string declaration(const Interface& interface, const Function& function) {
  const Method& method = *function.method;
  const std::string opening = fmt::format("{} {}(", result_type(interface, method), method.name);
  return fill(R"(

${comment}
${declaration}
)",
              {{"comment", line_comment(contract(interface, function))},
               {"declaration", list(opening, parameters(interface, function, true),
                                    method.consumes_self ? ") &&;" : ") const;", 2)}});
}

std::string definition(const Interface& interface, const Function& function) {
  const Method& method = *function.method;
  const std::string scope =
      method.consumes_self ? owner_name(*function.owner) : reference_name(*function.owner);
  const std::string opening =
      fmt::format("inline {} {}::{}(", result_type(interface, method), scope, method.name);
  return fill(R"(

${head} {
  ${body}
}
)",
              {{"head", list(opening, parameters(interface, function, false),
                             method.consumes_self ? ") &&" : ") const")},
               {"body", method_body(interface, function)}});
}

std::string creator_declaration(const Interface& interface, const Function& function) {
  return fill(
      R"(

${comment}
${declaration}
)",
      {{"comment", line_comment(contract(interface, function))},
       {"declaration", list(fmt::format("static {} {}(", owner_name(*function.owner), function.name),
                            parameters(interface, function, true, {"const Module& from"}), ");", 2)}});
}

std::string creator_definition(const Interface& interface, const Function& function) {
  const std::string name = owner_name(*function.owner);
  const std::string call = list(fmt::format("{}* const token_ = from.api()->{}(",
                                            c::type_name(interface, *function.owner), c::slot_name(function)),
                                arguments(interface, function, {}, "nullptr"), ");", 2);
  return fill(R"(

${head} {
  ${call}
  if (!token_) detail::raise(tally_last_error()->status);
  return ${class}(from.api(), token_);
}
)",
              {{"head", list(fmt::format("inline {0} {0}::{1}(", name, function.name),
                             parameters(interface, function, false, {"const Module& from"}), ")")},
               {"call", call},
               {"class", name}});
}

struct Members {
  std::string of_reference;
  std::string of_owner;
  std::string definitions;
};

Members members(const Interface& interface, const Class& owner) {
  Members result;
  for (const Function& function : functions_of(interface, &owner)) {
    if (function.creator) {
      result.of_owner += creator_declaration(interface, function);
      result.definitions += creator_definition(interface, function);
    } else if (function.method) {
      std::string& declarations = function.method->consumes_self ? result.of_owner : result.of_reference;
      declarations += declaration(interface, function);
      result.definitions += definition(interface, function);
    }
  }
  return result;
}

std::string traits(const Interface& interface, const Class& owner) {
  return fill(R"(

struct ${class}Class {
  using Api = ${api};
  using Word = ${word};
  static tally_status destroy(const Api* api, Word* owner) noexcept { return api->${slot}_destroy(owner); }
  static const Word* ref(const Api* api, const Word* word) noexcept { return api->${slot}_ref(word); }
};
)",
              {{"class", owner_name(owner)},
               {"api", c::api_name(interface)},
               {"word", c::type_name(interface, owner)},
               {"slot", owner.name}});
}

std::string friends(const Interface& interface, const Class& owner) {
  std::set<std::string> makers;
  for (const Class& other : interface.classes) {
    for (const Method& method : other.methods) {
      const auto* type = method.result ? std::get_if<ClassType>(&method.result->type) : nullptr;
      const bool makes_it = type && &interface.classes[type->index] == &owner;
      if (makes_it) makers.insert(method.consumes_self ? owner_name(other) : reference_name(other));
    }
  }
  makers.insert(reference_name(owner));
  makers.erase(owner_name(owner));
  std::string text;
  for (const std::string& maker : makers) text += fmt::format("friend class {};\n", maker);
  return text;
}

std::string classes(const Interface& interface, const Class& owner, const Members& members) {
  const std::string name = owner_name(owner);
  return fill(
      R"(

${right}
class ${class}Ref : public tally::Reference<detail::${class}Class> {
 public:
  using Reference::Reference;
  ${of_reference}
};

${comment}
class [[nodiscard]] ${class} : public tally::Owner<${class}Ref, detail::${class}Class> {
 public:
  ${of_owner}

  /// Takes over a token that a C function returned; it must be of this module.
  static ${class} adopt(const Module& from, ${word}* token) { return ${class}(from.api(), token); }

 private:
  ${friends}
  using Owner::Owner;
};
)",
      {{"right", line_comment({fmt::format(
                     "A right to call one {}, which somebody else owns: good until the object is destroyed, "
                     "a call after that throws. Copies freely.",
                     owner.name)})},
       {"class", name},
       {"word", c::type_name(interface, owner)},
       {"comment",
        line_comment({owner.doc, "Owns the object and destroys it in the end. " + thread_rule(owner)})},
       {"of_reference", members.of_reference},
       {"friends", friends(interface, owner)},
       {"of_owner", members.of_owner.substr(members.of_owner.starts_with("\n") ? 1 : 0)}});
}

std::string raise_cases(const Interface& interface) {
  std::string cases;
  for (const Error& error : interface.errors) {
    cases += fmt::format("if (status == {}) throw {}(tally_last_error()->text);\n",
                         c::error_name(interface, error), error_name(error));
  }
  return cases;
}

std::string forward_declarations(const Interface& interface) {
  std::string text;
  for (const Class& owner : interface.classes) {
    text += fmt::format("class {};\nclass {};\n", reference_name(owner), owner_name(owner));
  }
  return text;
}

std::string hashes(const Interface& interface) {
  std::string text;
  for (const Class& owner : interface.classes) {
    for (const std::string& name : {reference_name(owner), owner_name(owner)}) {
      text += fmt::format("template <>\nstruct hash<::{0}::{1}> : tally::HandleHash<::{0}::{1}> {{}};\n",
                          interface.name, name);
    }
  }
  return text;
}

// The file.
constexpr std::string_view kWrapper = R"(
${comment}
//
// Generated by tallystick from the description of the interface; do not edit.
//
// Calls that fail throw: the interface's own errors as the classes of ${name}_types.hpp, all others as
// tally::Error.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "${name}.h"
#include "${name}_types.hpp"
#include "tally/blob.hpp"
#include "tally/bytes.hpp"
#include "tally/module.hpp"
#include "tally/object.hpp"

namespace ${name} {

${forward}

namespace detail {

/// Throws what a failed call left as the thread's last error.
[[noreturn]] inline void raise(tally_status status) {
  ${cases}
  tally::raise(status);
}

inline void check(tally_status status) {
  if (status < 0) raise(status);
}

struct Interface {
  using Api = ${api};
  static constexpr const char* kName = "${name}";
  static const Api* api_of(tally_module* module, tally_error* error) { return ${name}_api_of(module, error); }
  static const Api* linked_api() { return ${name}_linked_api(); }
};
${traits}

}  // namespace detail

/// A module that has this interface: Module::load(path), or Module::linked().
using Module = tally::Module<detail::Interface>;
${classes}
${definitions}

}  // namespace ${name}

namespace std {

${hashes}

}  // namespace std
)";

}  // namespace

Artefact wrapper_header(const Interface& interface) {
  std::string all_traits;
  std::string all_classes;
  std::string definitions;
  for (const Class& owner : interface.classes) {
    const Members of_class = members(interface, owner);
    all_traits += traits(interface, owner);
    all_classes += classes(interface, owner, of_class);
    definitions += of_class.definitions;
  }
  const std::string text = fill(
      kWrapper, {{"comment", line_comment({fmt::format("{} {}: {}", interface.name,
                                                       c::version_text(interface.version), interface.doc)},
                                          "// ")},
                 {"name", interface.name},
                 {"api", c::api_name(interface)},
                 {"forward", forward_declarations(interface)},
                 {"cases", raise_cases(interface)},
                 {"traits", all_traits},
                 {"classes", all_classes},
                 {"definitions", definitions},
                 {"hashes", hashes(interface)}});
  return {interface.name + ".hpp", text};
}

}  // namespace tally::generator::cpp
