// X.pyi: what the extension module offers, for type checkers and editors.
#include <fmt/format.h>

#include <algorithm>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/python/backend.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::python {

using namespace model;

namespace {

constexpr std::size_t kWidth = 88;

// In a class, a member called `str` would stand for the type in the annotations after it.
std::string builtin(const Class& owner, const std::string& name) {
  const bool is_hidden =
      std::ranges::any_of(owner.methods, [&](const Method& each) { return each.name == name; }) ||
      std::ranges::any_of(owner.creators, [&](const Creator& each) { return each.name == name; });
  return is_hidden ? "builtins." + name : name;
}

std::string scalar_name(const Interface& interface, const Type& type) {
  const std::string name = type_text(interface, type, Passing::value);
  return name == "bool" ? "bool" : name[0] == 'f' ? "float" : "int";
}

std::string parameter_type(const Interface& interface, const Class& owner, const Parameter& parameter) {
  if (std::holds_alternative<Bytes>(parameter.type)) return "_Bytes";
  if (std::holds_alternative<Text>(parameter.type)) return builtin(owner, "str");
  if (const auto* of = std::get_if<ClassType>(&parameter.type))
    return class_name(interface.classes[of->index]);
  if (const auto* of = std::get_if<EnumType>(&parameter.type))
    return enum_name(interface.enums[of->index]) + " | int";
  return scalar_name(interface, parameter.type);
}

std::string result_type(const Interface& interface, const Class& owner, const Method& method) {
  if (!method.result) return "None";
  const Type& type = method.result->type;
  if (std::holds_alternative<Bytes>(type)) return "tallystick.Blob";
  if (std::holds_alternative<Text>(type)) return builtin(owner, "str");
  if (const auto* of = std::get_if<ClassType>(&type)) return class_name(interface.classes[of->index]);
  if (const auto* of = std::get_if<EnumType>(&type)) return enum_name(interface.enums[of->index]);
  return scalar_name(interface, type);
}

// In a stub the module is not called by its name.
std::string stub_default(const Interface& interface, const Parameter& parameter) {
  const std::string text = default_value(interface, parameter);
  const bool is_enum = std::holds_alternative<EnumType>(parameter.type);
  return is_enum ? text.substr(interface.name.size() + 1) : text;
}

// """text""", whose further lines stand under the first.
std::string doc_literal(const std::string& text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' || text.compare(i, 3, "\"\"\"") == 0) safe += '\\';
    safe += text[i];
  }
  if (safe.ends_with('"')) safe.insert(safe.size() - 1, "\\");
  return "\"\"\"" + safe + (safe.find('\n') == std::string::npos ? "" : "\n") + "\"\"\"";
}

std::string head(std::string_view name, const std::vector<std::string>& parameters,
                 const std::string& returns) {
  const std::string line = fmt::format("def {}({}) -> {}:", name, join(parameters, ", "), returns);
  if (line.size() + 8 <= kWidth) return line;
  return fmt::format("def {}(\n    {},\n) -> {}:", name, join(parameters, ",\n    "), returns);
}

std::string one_function(const Interface& interface, const Function& function) {
  const Class& owner = *function.owner;
  std::vector<std::string> parameters;
  if (function.method) {
    parameters = {"self"};
  } else {
    parameters = {class_parameter(function), module_parameter(function) + ": Module", "/"};
  }
  for (const Parameter& parameter : function.parameters()) {
    parameters.push_back(
        fmt::format("{}: {}{}", parameter.name, parameter_type(interface, owner, parameter),
                    parameter.default_value ? " = " + stub_default(interface, parameter) : ""));
  }
  const std::string returns = function.method            ? result_type(interface, owner, *function.method)
                              : is_constructor(function) ? "Self"
                                                         : class_name(owner);
  const std::string doc = docstring(interface, function);
  const std::string whole = head(is_constructor(function) ? "__new__" : function.name, parameters, returns);
  return fill(R"(

${decorator}
${head}${short_body}
    ${body}
)",
              {{"decorator", function.creator && !is_constructor(function) ? "@classmethod" : ""},
               {"head", whole},
               {"short_body", doc.empty() ? " ..." : ""},
               {"body", doc.empty() ? "" : doc_literal(doc)}});
}

std::string one_class(const Interface& interface, const Class& owner) {
  std::string functions;
  for (const Function& function : functions_of(interface, &owner))
    if (function.creator || function.method) functions += one_function(interface, function);
  return fill(
      R"(


@final
class ${name}(tallystick.Object):
    ${doc}
    ${functions}
)",
      {{"name", class_name(owner)}, {"doc", doc_literal(docstring(owner))}, {"functions", functions}});
}

std::string one_error(const Error& error) {
  return fill(R"(


class ${name}(tallystick.Error):
    ${doc}
)",
              {{"name", error_name(error)},
               {"doc", error.doc.empty() ? "..." : doc_literal(join(wrap(error.doc, 80), "\n"))}});
}

std::string one_enum(const Enum& type) {
  std::string members;
  for (const EnumValue& value : type.values) {
    members += fmt::format("{} = {}\n", member_name(value), value.value);
    if (!value.doc.empty()) members += doc_literal(join(wrap(value.doc, 80), "\n")) + "\n";
  }
  return fill(R"(


class ${name}(IntEnum):
    ${doc}
    ${members}
)",
              {{"name", enum_name(type)},
               {"doc", type.doc.empty() ? "" : doc_literal(join(wrap(type.doc, 80), "\n"))},
               {"members", members}});
}

}  // namespace

Artefact stub(const Interface& interface) {
  std::string body;
  for (const Error& error : interface.errors) body += one_error(error);
  for (const Enum& type : interface.enums) body += one_enum(type);
  std::string classes;
  for (const Class& owner : interface.classes) classes += one_class(interface, owner);
  const bool hides = classes.find("builtins.") != std::string::npos;
  const bool has_bytes = classes.find("_Bytes") != std::string::npos;
  const bool has_constructor = classes.find("Self") != std::string::npos;
  const std::string text =
      fill(R"(
${doc}

# Generated by tallystick from the description of the interface; do not edit.

${builtins}
${enum}
from os import PathLike
from typing import ${typing}

import tallystick

${bytes}
INTERFACE: Final = "${name}"
INTERFACE_VERSION: Final = (${major}, ${minor})
${body}


@final
class Module(tallystick.Module):
    """A loaded module that has the interface ${name}."""

    @classmethod
    def load(cls, path: str | bytes | PathLike[str] | PathLike[bytes], /) -> Module:
        """Loads a module from a path.

        Raises tallystick.Error, which names the file and what is wrong with it.
        """
${classes}
)",
           {{"doc", doc_literal(join(wrap(fmt::format("{} {}: {}", interface.name,
                                                      c::version_text(interface.version), interface.doc),
                                          kWidth),
                                     "\n"))},
            {"builtins", hides ? "import builtins" : ""},
            {"enum", interface.enums.empty() ? "" : "from enum import IntEnum"},
            {"typing", has_constructor ? "Final, Self, final" : "Final, final"},
            {"bytes", has_bytes ? "_Bytes = bytes | bytearray | memoryview | tallystick.Blob\n" : ""},
            {"name", interface.name},
            {"major", std::to_string(interface.version.major)},
            {"minor", std::to_string(interface.version.minor)},
            {"body", body},
            {"classes", classes}});
  return {interface.name + ".pyi", text};
}

}  // namespace tally::generator::python
