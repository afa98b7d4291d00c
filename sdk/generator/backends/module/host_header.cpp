// See host_header.hpp. Names of our own end in an underscore, which a parameter's can't.
#include "generator/backends/module/host_header.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/cpp/naming.hpp"
#include "generator/backends/layout.hpp"
#include "generator/backends/module/naming.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::module {

using namespace model;

namespace {

// What is called: a callback's one function, or a method. Both take values, memory and objects, and return a
// value, or a blob.
struct Callee {
  const Interface& interface;
  const std::vector<Parameter>& parameters;
  const Result* result;

  std::string returns() const {
    if (!result) return "void";
    if (is_memory(result->type)) return "tally::OwnedBytes";
    const std::string type = cpp::value_type(interface, result->type);
    return std::holds_alternative<EnumType>(result->type) ? interface.name + "::" + type : type;
  }

  // The author's classes are not known in this header, so that objects are passed by template.
  std::vector<std::string> declared() const {
    std::vector<std::string> list;
    for (const Parameter& parameter : parameters) {
      if (is_class(parameter.type)) {
        list.push_back(
            (is_taken(parameter) ? "tally::Own<" + object(parameter) + ">&& " : object(parameter) + "& ") +
            parameter.name);
      } else {
        list.push_back(cpp::parameter(interface, parameter, false));
      }
    }
    return list;
  }

  std::string object(const Parameter& parameter) const { return pascal_case(parameter.name) + "Class"; }

  std::string objects() const {
    std::vector<std::string> list;
    for (const Parameter& parameter : parameters)
      if (is_class(parameter.type)) list.push_back("class " + object(parameter));
    return list.empty() ? "" : "template <" + join(list, ", ") + ">\n";
  }

  std::string c_type(const Parameter& parameter) const {
    return c::type_name(interface, class_of(interface, parameter.type));
  }

  std::vector<std::string> given(const std::string& user) const {
    std::vector<std::string> list = {user};
    for (const Parameter& parameter : parameters) {
      const std::string& name = parameter.name;
      if (is_memory(parameter.type)) {
        list.push_back(name + ".data()");
        list.push_back(name + ".size()");
      } else if (is_class(parameter.type)) {
        list.push_back(is_taken(parameter)
                           ? fmt::format("tally::runtime::hand<{}>({})", c_type(parameter), name)
                           : fmt::format("tally::runtime::handle_of<{}>({})", c_type(parameter), name));
      } else if (std::holds_alternative<EnumType>(parameter.type)) {
        list.push_back(fmt::format("static_cast<std::int32_t>({})", name));
      } else {
        list.push_back(name);
      }
    }
    if (result) list.emplace_back("&out_");
    return list;
  }

  // `first` finds the function that is then called, with `user` as its first argument.
  std::string body(const std::string& first, const std::string& function, const std::string& user,
                   const std::string& name) const {
    std::string text =
        first + fmt::format("const tally::runtime::Asking asking_(\"{}\", \"{}\");\n", interface.name, name);
    if (result) {
      text +=
          (is_memory(result->type) ? "tally_blob" : c::value_type(interface, result->type)) + " out_{};\n";
    }
    text += list(fmt::format("const tally_status status_ = {}(", function), given(user), ");\n", 4) +
            "asking_.check(status_);\n";
    if (!result) return text;
    if (is_memory(result->type)) {
      const bool is_text = std::holds_alternative<Text>(result->type);
      return text + (is_text ? "return asking_.text(out_);\n" : "return asking_.bytes(out_);\n");
    }
    if (std::holds_alternative<EnumType>(result->type)) {
      return text + list(fmt::format("return tally::runtime::chosen<{}>(", returns()),
                         {fmt::format("\"{}\"", name), "out_", choices(interface, result->type)}, ");\n", 4);
    }
    const bool is_flag = returns() == "bool";
    return text +
           (is_flag ? "return out_ != 0;\n" : fmt::format("return static_cast<{}>(out_);\n", returns()));
  }
};

std::string callback_class(const Interface& interface, const Callback& callback) {
  const Callee callee{interface, callback.parameters, callback.result ? &*callback.result : nullptr};
  const std::string raw = c::callback_name(interface, callback);
  return fill(
      R"(
${doc}
class ${type} {
 public:
  explicit ${type}(tally::Callback<${raw}>&& from_) noexcept : callback_(std::move(from_)) {}
  explicit operator bool() const noexcept { return static_cast<bool>(callback_); }

  /// Throws tally::CallbackError if the caller's function fails.
  ${objects}
  ${declaration} const {
    ${body}
  }

 private:
  tally::Callback<${raw}> callback_;
};

)",
      {{"doc",
        line_comment({callback.doc,
                      "A callback of the caller's: kept as long as it is needed, and released when it ends."},
                     "/// ")},
       {"type", pascal_case(callback.name)},
       {"raw", raw},
       {"objects", callee.objects()},
       {"declaration", list(callee.returns() + " operator()(", callee.declared(), ")", 2)},
       {"body", callee.body(fmt::format("const auto raw_ = callback_.held(\"{}\");\n", callback.name),
                            "raw_->call", "raw_->user", callback.name)}});
}

std::string host_method(const Interface& interface, const Class& owner, const Method& method) {
  const Callee callee{interface, method.parameters, method.result ? &*method.result : nullptr};
  const std::string name = owner.name + "." + method.name;
  const std::string found =
      fmt::format("const auto method_ = tally::runtime::method_of(*methods_, &{}::{}, \"{}\");\n",
                  c::methods_name(interface, owner), method.name, name);
  return fill(R"(
${doc}
${objects}
${declaration} {
  ${body}
}

)",
              {{"doc", line_comment({method.doc}, "/// ")},
               {"objects", callee.objects()},
               {"declaration", list(callee.returns() + " " + method.name + "(", callee.declared(), ")", 2)},
               {"body", callee.body(found, "method_", "user_", name)}});
}

std::string host_class(const Interface& interface, const Class& owner) {
  std::string methods;
  for (const Method& method : owner.methods) methods += host_method(interface, owner, method);
  return fill(
      R"(
${doc}
class ${type} {
 public:
  ${type}(const ${methods_type}* methods, void* user) noexcept : methods_(methods), user_(user) {}
  ${type}(const ${type}&) = delete;
  ${type}& operator=(const ${type}&) = delete;
  ~${type}() {
    if (methods_->destroy) methods_->destroy(user_);
  }

  ${methods}
 private:
  const ${methods_type}* methods_;
  void* user_;
};

)",
      {{"doc", line_comment({owner.doc,
                             "An object of the host's: its methods throw tally::CallbackError if they fail."},
                            "/// ")},
       {"type", pascal_case(owner.name)},
       {"methods_type", c::methods_name(interface, owner)},
       {"methods", methods}});
}

constexpr std::string_view kHost = R"(
// ${name} ${version}: what the host gives to the module: callbacks and objects that it implements.
//
// Generated by tallystick from the description of the interface; do not edit.
//
// For the module's author: include it where the classes are.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "${name}.h"
#include "${name}_types.hpp"
#include "tally/bytes.hpp"
#include "tally/own.hpp"
#include "tally/owned_bytes.hpp"
#include "tally/runtime/callback.hpp"
#include "tally/runtime/host_object.hpp"
#include "tally/runtime/results.hpp"

namespace ${name}::host {

${choices}
${types}
}  // namespace ${name}::host
)";

}  // namespace

Artefact host_header(const Interface& interface) {
  std::string types;
  for (const Callback& callback : interface.callbacks) types += callback_class(interface, callback);
  for (const Class& owner : interface.classes)
    if (owner.kind == ClassKind::host) types += host_class(interface, owner);
  return {interface.name + "_host.hpp", fill(kHost, {{"name", interface.name},
                                                     {"choices", choice_definitions(interface)},
                                                     {"version", c::version_text(interface.version)},
                                                     {"types", types}})};
}

}  // namespace tally::generator::module
