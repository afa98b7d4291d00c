// See naming.hpp.
#include "generator/backends/cpp/naming.hpp"

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::cpp {

using namespace model;

std::string owner_name(const Class& owner) {
  return pascal_case(owner.name);
}
std::string reference_name(const Class& owner) {
  return owner_name(owner) + "Ref";
}
std::string methods_name(const Class& owner) {
  return owner_name(owner) + "Methods";
}
std::string traits_name(const Class& owner) {
  return owner_name(owner) + "Class";
}
std::string callback_name(const Callback& callback) {
  return pascal_case(callback.name);
}
std::string enum_name(const Enum& type) {
  return pascal_case(type.name);
}
std::string error_name(const Error& error) {
  return pascal_case(error.name);
}

std::string value_type(const Interface& interface, const Type& type) {
  if (const auto* of_enum = std::get_if<EnumType>(&type)) return enum_name(interface.enums[of_enum->index]);
  const Scalar scalar = std::get<Scalar>(type);
  if (scalar == Scalar::boolean) return "bool";
  if (scalar == Scalar::f32) return "float";
  if (scalar == Scalar::f64) return "double";
  const std::string text = type_text(interface, type, Passing::value);  // "i32"
  return std::string(text[0] == 'i' ? "std::int" : "std::uint") + text.substr(1) + "_t";
}

std::string parameter(const Interface& interface, const Parameter& parameter, bool with_default) {
  const bool is_given = parameter.passing == Passing::own;
  std::string text;
  if (const auto* callback = std::get_if<CallbackType>(&parameter.type)) {
    text = callback_name(interface.callbacks[callback->index]) + " ";
  } else if (const auto* type = std::get_if<ClassType>(&parameter.type)) {
    const Class& of = interface.classes[type->index];
    text = is_given ? owner_name(of) + "&& " : reference_name(of) + " ";
  } else if (std::holds_alternative<Text>(parameter.type)) {
    text = is_given ? "tally::Blob&& " : "std::string_view ";
  } else if (std::holds_alternative<Bytes>(parameter.type)) {
    text = is_given ? "tally::Blob&& " : "tally::Bytes ";
  } else {
    text = value_type(interface, parameter.type) + " ";
  }
  text += parameter.name;
  if (with_default && parameter.default_value) text += " = " + default_value(interface, parameter);
  return text;
}

std::string default_value(const Interface& interface, const Parameter& parameter) {
  if (const auto* text = std::get_if<std::string>(&*parameter.default_value)) return string_literal(*text);
  const std::string text = default_text(interface, parameter);
  if (const auto* type = std::get_if<EnumType>(&parameter.type))
    return enum_name(interface.enums[type->index]) + "::" + text;
  if (const auto* scalar = std::get_if<Scalar>(&parameter.type)) {
    // The least i64 can't be written as one literal.
    if (*scalar == Scalar::i64 && text == "-9223372036854775808") return "INT64_MIN";
    if (*scalar == Scalar::u64) return text + "u";
    if (*scalar == Scalar::f32) return "static_cast<float>(" + text + ")";
  }
  return text;
}

std::string respace(std::string c_declaration) {
  for (std::size_t at = 0; (at = c_declaration.find(" *", at)) != std::string::npos;) {
    const std::size_t end = c_declaration.find_first_not_of('*', at + 1);
    const std::string stars(c_declaration, at + 1, end - at - 1);
    c_declaration.replace(at, stars.size() + 1, stars + " ");
    at += stars.size();
  }
  while (c_declaration.ends_with(' ')) c_declaration.pop_back();
  return c_declaration;
}

namespace {

// What every class of a kind has from bindings/cpp, beside what no description may use (lower/names.cpp).
std::vector<const char*> inherited(ClassKind kind) {
  std::vector<const char*> names = {"adopt", "api", "detach", "handle", "token"};
  if (kind == ClassKind::array) names.insert(names.end(), {"at", "begin", "end", "size"});
  if (kind == ClassKind::host) names.push_back("create");
  return names;
}

void add_class(std::vector<Symbol>& symbols, const Interface& interface, const Class& owner) {
  const std::string path = "classes." + owner.name;
  symbols.push_back({interface.name, owner_name(owner), path});
  symbols.push_back({interface.name, reference_name(owner), path});
  if (owner.kind == ClassKind::host) symbols.push_back({interface.name, methods_name(owner), path});
  const std::string scope = interface.name + "::" + owner_name(owner);
  for (const char* const member : inherited(owner.kind)) symbols.push_back({scope, member, path});
  for (const Function& function : functions_of(interface, &owner)) {
    if (function.creator || function.method)
      symbols.push_back({scope, std::string(function.name), c::path_of(function)});
  }
}

}  // namespace

std::vector<Symbol> symbols(const Interface& interface) {
  const std::string scope = interface.name;
  std::vector<Symbol> symbols = {{scope, "Module", "interface"}, {scope, "detail", "interface"}};
  for (const Error& error : interface.errors)
    symbols.push_back({scope, error_name(error), "errors." + error.name});
  for (const Enum& type : interface.enums) symbols.push_back({scope, enum_name(type), "enums." + type.name});
  for (const Callback& callback : interface.callbacks)
    symbols.push_back({scope, callback_name(callback), "callbacks." + callback.name});
  for (const Class& owner : interface.classes) add_class(symbols, interface, owner);
  for (const Function& function : functions_of(interface, nullptr))
    symbols.push_back({scope, std::string(function.name), c::path_of(function)});
  return symbols;
}

}  // namespace tally::generator::cpp
