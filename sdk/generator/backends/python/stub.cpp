// X.pyi: what the extension module offers, for type checkers and editors.
#include <fmt/format.h>

#include <algorithm>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/python/backend.hpp"
#include "generator/backends/python/functions.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::python {

using namespace model;

namespace {

constexpr std::size_t kWidth = 88;

// In a class, a member called `str` would stand for the type in the annotations after it.
std::string builtin(const Interface& interface, const Class* owner, const std::string& name) {
  const auto is_called = [&](const auto& each) { return each.name == name; };
  const bool is_hidden = std::ranges::any_of(interface.functions, is_called) ||
                         (owner && (std::ranges::any_of(owner->methods, is_called) ||
                                    std::ranges::any_of(owner->creators, is_called)));
  return is_hidden ? "builtins." + name : name;
}

std::string scalar_name(const Interface& interface, const Class* owner, const Type& type) {
  const std::string name = type_text(interface, type, Passing::value);
  return builtin(interface, owner, name == "bool" ? "bool" : name[0] == 'f' ? "float" : "int");
}

bool is_memory(const Type& type) {
  return std::holds_alternative<Text>(type) || std::holds_alternative<Bytes>(type);
}

// What Python is given: results of calls, and arguments of callbacks and implementations.
std::string outgoing(const Interface& interface, const Class* owner, const Type& type) {
  if (const auto* of = std::get_if<ClassType>(&type)) return class_name(interface.classes[of->index]);
  if (const auto* of = std::get_if<EnumType>(&type)) return enum_name(interface.enums[of->index]);
  return scalar_name(interface, owner, type);
}

std::string lent_type(const Interface& interface, const Class* owner, const Type& type) {
  if (is_memory(type)) return builtin(interface, owner, std::holds_alternative<Text>(type) ? "str" : "bytes");
  return outgoing(interface, owner, type);
}

std::string result_type(const Interface& interface, const Class* owner, const Result* result) {
  if (!result) return "None";
  if (is_memory(result->type) && result->passing == Passing::view) return "tallystick.View";
  if (std::holds_alternative<Bytes>(result->type)) return "tallystick.Blob";
  if (std::holds_alternative<Text>(result->type)) return builtin(interface, owner, "str");
  return outgoing(interface, owner, result->type);
}

// What Python gives: arguments of calls, and results of callbacks and implementations.
std::string incoming(const Interface& interface, const Class* owner, const Type& type, Passing passing) {
  if (std::holds_alternative<Bytes>(type)) return "_Bytes";
  if (std::holds_alternative<Text>(type))
    return builtin(interface, owner, "str") + (passing == Passing::own ? " | tallystick.Blob" : "");
  if (const auto* of = std::get_if<ClassType>(&type)) return class_name(interface.classes[of->index]);
  if (const auto* of = std::get_if<EnumType>(&type))
    return enum_name(interface.enums[of->index]) + " | " + builtin(interface, owner, "int");
  return scalar_name(interface, owner, type);
}

std::string answer_type(const Interface& interface, const Class* owner, const Result* result) {
  return result ? incoming(interface, owner, result->type, result->passing) : "object";
}

std::string callable_type(const Interface& interface, const Class* owner, const Callback& callback) {
  std::vector<std::string> types;
  for (const Parameter& each : callback.parameters) types.push_back(lent_type(interface, owner, each.type));
  return fmt::format("Callable[[{}], {}]", join(types, ", "),
                     answer_type(interface, owner, callback.result ? &*callback.result : nullptr));
}

std::string parameter_type(const Interface& interface, const Class* owner, const Parameter& parameter) {
  if (const auto* of = std::get_if<CallbackType>(&parameter.type))
    return callable_type(interface, owner, interface.callbacks[of->index]);
  return incoming(interface, owner, parameter.type, parameter.passing);
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

std::vector<std::string> first_parameters(const Function& function) {
  if (!takes_module(function)) return {"self"};
  const std::string module = module_parameter(function) + ": Module";
  if (!function.owner) return {module, "/"};
  return {class_parameter(function), module, "/"};
}

std::string returns(const Interface& interface, const Function& function) {
  if (is_constructor(function) || function.kind == FunctionKind::retain) return "Self";
  return function.creator ? class_name(*function.owner)
                          : result_type(interface, function.owner, function.result());
}

std::string protocol_name(const Class& owner) {
  return "_" + class_name(owner) + "Methods";
}

std::string one_function(const Interface& interface, const Function& function) {
  std::vector<std::string> parameters = first_parameters(function);
  if (function.kind == FunctionKind::create && !function.creator)
    parameters.push_back("implementation: " + protocol_name(*function.owner));
  for (const Parameter& parameter : function.parameters()) {
    parameters.push_back(
        fmt::format("{}: {}{}", parameter.name, parameter_type(interface, function.owner, parameter),
                    parameter.default_value ? " = " + stub_default(interface, parameter) : ""));
  }
  const std::string doc = docstring(interface, function);
  const std::string whole =
      head(is_constructor(function) ? "__new__" : function.name, parameters, returns(interface, function));
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

// What every array has.
std::string sequence(const Interface& interface, const Class& owner) {
  if (owner.kind != ClassKind::array) return "";
  return fill(R"(

def __len__(self) -> ${int}: ...
def __getitem__(self, index: ${int}, /) -> ${element}: ...
def __iter__(self) -> Iterator[${element}]: ...
)",
              {{"int", builtin(interface, &owner, "int")},
               {"element", class_name(interface.classes[owner.element])}});
}

// What an implementation of a host's class must have.
std::string protocol(const Interface& interface, const Class& owner) {
  if (owner.kind != ClassKind::host) return "";
  std::string methods;
  for (const Method& method : owner.methods) {
    std::vector<std::string> parameters = {"self"};
    for (const Parameter& each : method.parameters)
      parameters.push_back(each.name + ": " + lent_type(interface, &owner, each.type));
    parameters.emplace_back("/");
    methods += head(method.name, parameters,
                    answer_type(interface, &owner, method.result ? &*method.result : nullptr)) +
               " ...\n";
  }
  return fill(R"(


class ${name}(Protocol):
    """What an implementation of ${class} has."""

    ${methods}
)",
              {{"name", protocol_name(owner)}, {"class", class_name(owner)}, {"methods", methods}});
}

std::string one_class(const Interface& interface, const Class& owner) {
  std::string functions;
  for (const Function& function : functions_of(interface, &owner))
    if (is_offered(function)) functions += one_function(interface, function);
  if (owner.kind != ClassKind::counted) functions += "\ndef try_close(self) -> None: ...\n";
  return protocol(interface, owner) + fill(R"(


@final
class ${name}(tallystick.Object):
    ${doc}
    ${functions}
    ${sequence}
)",
                                           {{"name", class_name(owner)},
                                            {"doc", doc_literal(docstring(interface, owner))},
                                            {"functions", functions},
                                            {"sequence", sequence(interface, owner)}});
}

std::string own_functions(const Interface& interface) {
  std::string text;
  for (const Function& function : functions_of(interface, nullptr)) {
    if (function.kind == FunctionKind::static_call) {
      text += "\n" + one_function(interface, function);
      continue;
    }
    const std::string number = builtin(interface, nullptr, "int");
    text += fill(R"(


def allocate(
    module: Module, size: ${int}, /, *, alignment: ${int} = 0, zeroed: ${bool} = False
) -> tallystick.Blob:
    ${doc}
)",
                 {{"int", number},
                  {"bool", builtin(interface, nullptr, "bool")},
                  {"doc", doc_literal(docstring(interface, function))}});
  }
  return text;
}

// What the stub imports, of the names that it may use.
std::string imported(const std::string& text, const std::vector<std::string>& names) {
  std::vector<std::string> used;
  for (const std::string& name : names)
    if (name == "Final" || name == "final" || text.find(name) != std::string::npos) used.push_back(name);
  return join(used, ", ");
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
  classes += own_functions(interface);
  const std::string collections = imported(classes, {"Callable", "Iterator"});
  const bool hides = classes.find("builtins.") != std::string::npos;
  const bool has_bytes = classes.find("_Bytes") != std::string::npos;
  const std::string text =
      fill(R"(
${doc}

# Generated by tallystick from the description of the interface; do not edit.

${builtins}
${collections}
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
            {"typing", imported(classes, {"Final", "Protocol", "Self", "final"})},
            {"collections", collections.empty() ? "" : "from collections.abc import " + collections},
            {"bytes", has_bytes ? "_Bytes = bytes | bytearray | memoryview | tallystick.Blob\n" : ""},
            {"name", interface.name},
            {"major", std::to_string(interface.version.major)},
            {"minor", std::to_string(interface.version.minor)},
            {"body", body},
            {"classes", classes}});
  return {interface.name + ".pyi", text};
}

}  // namespace tally::generator::python
