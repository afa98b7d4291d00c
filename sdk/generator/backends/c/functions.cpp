// See functions.hpp.
#include "generator/backends/c/functions.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/c/standard_contracts.hpp"
#include "generator/backends/c/supplied.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/layout.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::c {

using namespace model;

namespace {

std::vector<std::string> function_contract(const Interface& interface, const Function& function) {
  std::vector<std::string> paragraphs = standard_contract(interface, function);
  if (!paragraphs.empty()) return paragraphs;
  paragraphs = contract(interface, function);
  if (function.creator)
    paragraphs.push_back(
        fmt::format("Returns the token: yours, give it back with {}. Null on failure; the reason is in "
                    "*error (may be null) and in "
                    "the last error.",
                    give_back_name(interface, *function.owner)));
  return paragraphs;
}

std::string attributes(const Interface& interface, const Function& function) {
  if (!returns_token(function)) return "";
  return fmt::format("\n    TALLY_NODISCARD TALLY_PAIRED_WITH({})",
                     give_back_name(interface, *function.owner));
}

std::string prototype(const Interface& interface, const Function& function) {
  const Signature of = signature(interface, function);
  return list(declare(of.returns, "TALLY_CALL " + function_name(interface, function)) + "(",
              parameter_list(of), ")" + attributes(interface, function) + ";\n");
}

// A number as C writes it, of the parameter's own type and whole wherever the macro stands.
std::string number(Scalar type, const std::string& text) {
  if (text == "-9223372036854775808") return "INT64_MIN";
  if (text == "-2147483648") return "INT32_MIN";
  const bool is_whole = text.find_first_of(".e") == std::string::npos;
  std::string value = text;
  if (type == Scalar::i64) value = "INT64_C(" + text + ")";
  if (type == Scalar::u32) value = "UINT32_C(" + text + ")";
  if (type == Scalar::u64) value = "UINT64_C(" + text + ")";
  if (type == Scalar::f32) value = text + (is_whole ? ".0f" : "f");
  if (type == Scalar::f64 && is_whole) value = text + ".0";
  return value.starts_with('-') ? "(" + value + ")" : value;
}

std::string default_value(const Interface& interface, const Parameter& parameter) {
  if (const auto* flag = std::get_if<bool>(&*parameter.default_value)) return *flag ? "1" : "0";
  if (const auto* type = std::get_if<EnumType>(&parameter.type)) {
    const Enum& of = interface.enums[type->index];
    return enum_value_name(interface, of, of.values[std::get<EnumDefault>(*parameter.default_value).value]);
  }
  if (const auto* text = std::get_if<std::string>(&*parameter.default_value)) return string_literal(*text);
  const std::string text = default_text(interface, parameter);
  const auto* scalar = std::get_if<Scalar>(&parameter.type);
  return scalar ? number(*scalar, text) : text;
}

std::string defaults(const Interface& interface, const Function& function) {
  std::string text;
  for (const Parameter& parameter : function.parameters()) {
    if (!parameter.default_value) continue;
    text += fmt::format("#define {} {}\n", default_name(interface, function, parameter),
                        default_value(interface, parameter));
  }
  return text;
}

std::string declarations(const Interface& interface, const Class* owner) {
  std::string text;
  for (const Function& function : functions_of(interface, owner)) {
    text += "\n" + with_comment(function_contract(interface, function), prototype(interface, function)) +
            defaults(interface, function);
  }
  return text;
}

}  // namespace

std::string with_comment(const std::vector<std::string>& paragraphs, const std::string& declaration) {
  const std::string comment = block_comment(paragraphs);
  return comment.empty() ? declaration : comment + "\n" + declaration;
}

std::string functions_section(const Interface& interface) {
  const std::string functions = declarations(interface, nullptr);
  if (functions.empty()) return "";
  return fill(R"(
/* ---- Functions that need no object ---- */
${functions}

)",
              {{"functions", functions}});
}

std::string class_section(const Interface& interface, const Class& owner) {
  std::vector<std::string> comment = class_rules(interface, owner);
  comment.insert(comment.begin(), owner.doc);
  return fill(R"(
/* ---- ${name} ---- */

${comment}
${methods}
${functions}

)",
              {{"name", owner.name},
               {"comment", block_comment(comment)},
               {"methods", owner.kind == ClassKind::host ? "\n" + methods_struct(interface, owner) : ""},
               {"functions", declarations(interface, &owner)}});
}

std::string give_back_name(const Interface& interface, const Class& owner) {
  return type_name(interface, owner) + (owner.kind == ClassKind::counted ? "_release" : "_destroy");
}

bool returns_token(const Function& function) {
  return function.kind == FunctionKind::create || function.kind == FunctionKind::retain;
}

}  // namespace tally::generator::c
