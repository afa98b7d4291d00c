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
  std::string text;
  if (std::holds_alternative<Text>(parameter.type)) {
    text = "std::string_view ";
  } else if (std::holds_alternative<Bytes>(parameter.type)) {
    text = "tally::Bytes ";
  } else if (const auto* type = std::get_if<ClassType>(&parameter.type)) {
    const Class& of = interface.classes[type->index];
    text = parameter.passing == Passing::own ? owner_name(of) + "&& " : reference_name(of) + " ";
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

void add_members(std::vector<Symbol>& symbols, const Interface& interface, const Class& owner) {
  static constexpr const char* kInherited[] = {"adopt", "detach", "destroy", "handle", "token"};
  const std::string scope = interface.name + "::" + owner_name(owner);
  for (const char* const member : kInherited) symbols.push_back({scope, member, "classes." + owner.name});
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
  for (const Class& owner : interface.classes) {
    symbols.push_back({scope, owner_name(owner), "classes." + owner.name});
    symbols.push_back({scope, reference_name(owner), "classes." + owner.name});
    add_members(symbols, interface, owner);
  }
  return symbols;
}

}  // namespace tally::generator::cpp
