// See meaning.hpp. The text is part of the ABI: a change here changes every hash.
#include "generator/model/meaning.hpp"

#include <array>
#include <cstdio>

namespace tally::generator::model {

namespace {

std::string enum_meaning(const Enum& type, Version as_of) {
  std::string text = "enum{";
  for (const EnumValue& value : type.values) {
    if (value.since > as_of) continue;
    if (!text.ends_with('{')) text += ",";
    text += value.name + "=" + std::to_string(value.value);
  }
  return text + "}";
}

std::string_view thread_meaning(Threads threads) {
  switch (threads) {
    case Threads::confined:
      return "confined";
  }
  return "";
}

std::string type_meaning(const Interface& interface, const Type& type, Version as_of) {
  static constexpr std::array kScalars = {"bool", "i8",  "i16", "i32", "i64", "u8",
                                          "u16",  "u32", "u64", "f32", "f64"};
  struct Visitor {
    const Interface& interface;
    Version as_of;
    std::string operator()(Scalar scalar) const { return kScalars[static_cast<std::size_t>(scalar)]; }
    std::string operator()(EnumType of) const { return enum_meaning(interface.enums[of.index], as_of); }
    std::string operator()(Text) const { return "string"; }
    std::string operator()(Bytes) const { return "bytes"; }
    std::string operator()(ClassType of) const { return interface.classes[of.index].name; }
  };
  return std::visit(Visitor{interface, as_of}, type);
}

std::string value_meaning(const Interface& interface, const Type& type, Passing passing, Version as_of) {
  const std::string_view how = passing == Passing::own ? "own " : passing == Passing::borrow ? "borrow " : "";
  return std::string(how) + type_meaning(interface, type, as_of);
}

std::string self_meaning(const Function& function) {
  const bool is_consumed =
      function.kind == FunctionKind::destroy || (function.method && function.method->consumes_self);
  return std::string("self: ") + (is_consumed ? "own " : "borrow ") + function.owner->name + " " +
         std::string(thread_meaning(function.owner->threads));
}

std::string result_meaning(const Interface& interface, const Function& function) {
  if (function.kind == FunctionKind::create) {
    return " -> own " + function.owner->name + " " + std::string(thread_meaning(function.owner->threads));
  }
  if (!function.method || !function.method->result) return "";
  const Result& result = *function.method->result;
  return " -> " + value_meaning(interface, result.type, result.passing, function.since);
}

}  // namespace

std::string meaning(const Interface& interface, const Function& function) {
  std::string text = function.owner->name + "." + std::string(function.name) + "(";
  if (function.kind != FunctionKind::create) text += self_meaning(function);
  for (const Parameter& parameter : function.parameters()) {
    if (!text.ends_with('(')) text += ", ";
    text += value_meaning(interface, parameter.type, parameter.passing, function.since);
  }
  return text + ")" + result_meaning(interface, function);
}

std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char c : text) {
    value ^= static_cast<unsigned char>(c);
    value *= 0x100000001b3;
  }
  return value;
}

std::string hash_text(std::uint64_t hash) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace tally::generator::model
