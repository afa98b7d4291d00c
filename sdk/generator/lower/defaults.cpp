// Numbers are read with from_chars, which knows no locale, and checked against JSON's grammar first, which
// from_chars is laxer than: no leading zeros, no "inf".
#include "generator/lower/defaults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "generator/load/diagnostic.hpp"
#include "generator/lower/versions.hpp"
#include "generator/text/words.hpp"

namespace tally::generator {
namespace {

using model::Scalar;

DefaultResult problem(std::string message, std::optional<std::string> suggestion = std::nullopt) {
  return {std::nullopt, std::move(message), std::move(suggestion)};
}

/// The bounds of an integer type. Signed and unsigned ones are kept apart, as in the model.
template <typename Integer, typename Widest>
DefaultResult parse_integer(std::string_view text, std::string_view type_name) {
  using Limits = std::numeric_limits<Integer>;
  const nlohmann::json number = nlohmann::json::parse(text, nullptr, false);
  Widest value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_read = number.is_number() && error == std::errc{} && end == text.data() + text.size();
  if (is_read && value >= Widest{Limits::min()} && value <= Widest{Limits::max()})
    return {model::Default(value), {}, {}};
  return problem(fmt::format("the default of '{}' must be a whole number from {} to {}, not {}", type_name,
                             Widest{Limits::min()}, Widest{Limits::max()}, in_quotes(text)));
}

DefaultResult parse_float(std::string_view text, std::string_view type_name, double largest) {
  const nlohmann::json number = nlohmann::json::parse(text, nullptr, false);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range || (number.is_number() && std::abs(value) > largest))
    return problem(fmt::format("'{}' can't hold {}", type_name, in_quotes(text)));
  if (number.is_number() && error == std::errc{} && end == text.data() + text.size())
    return {model::Default(value), {}, {}};
  return problem(
      fmt::format("the default of '{}' must be a JSON number, not {}", type_name, in_quotes(text)));
}

DefaultResult parse_boolean(std::string_view text) {
  if (text == "true" || text == "false") return {model::Default(text == "true"), {}, {}};
  const std::vector<std::string> choices = {"true", "false"};
  return problem("the default of 'bool' must be 'true' or 'false', not " + in_quotes(text),
                 closest(text, choices));
}

DefaultResult parse_scalar(std::string_view text, Scalar scalar, std::string_view type_name) {
  switch (scalar) {
    case Scalar::boolean:
      return parse_boolean(text);
    case Scalar::i8:
      return parse_integer<std::int8_t, std::int64_t>(text, type_name);
    case Scalar::i16:
      return parse_integer<std::int16_t, std::int64_t>(text, type_name);
    case Scalar::i32:
      return parse_integer<std::int32_t, std::int64_t>(text, type_name);
    case Scalar::i64:
      return parse_integer<std::int64_t, std::int64_t>(text, type_name);
    case Scalar::u8:
      return parse_integer<std::uint8_t, std::uint64_t>(text, type_name);
    case Scalar::u16:
      return parse_integer<std::uint16_t, std::uint64_t>(text, type_name);
    case Scalar::u32:
      return parse_integer<std::uint32_t, std::uint64_t>(text, type_name);
    case Scalar::u64:
      return parse_integer<std::uint64_t, std::uint64_t>(text, type_name);
    case Scalar::f32:
      return parse_float(text, type_name, static_cast<double>(std::numeric_limits<float>::max()));
    case Scalar::f64:
      return parse_float(text, type_name, std::numeric_limits<double>::max());
  }
  return {};
}

DefaultResult parse_text(std::string_view text) {
  const nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
  // The parser takes a zero byte for the end of its input.
  if (value.is_string() && value.get<std::string>().find('\0') != std::string::npos)
    return problem(
        "the default of 'string' can't hold a zero byte: where C and C++ write it, it would end there");
  if (value.is_string() && text.find('\0') == std::string_view::npos)
    return {model::Default(value.get<std::string>()), {}, {}};
  return problem("the default of 'string' must be a JSON string, with its quotes written as '\\\"', not " +
                 in_quotes(text));
}

DefaultResult parse_enum_value(std::string_view text, const model::Enum& type, model::Version since) {
  // An enum without values has been complained of.
  if (type.values.empty()) return {};
  const auto found = std::ranges::find(type.values, text, &model::EnumValue::name);
  if (found == type.values.end()) {
    std::vector<std::string> names;
    std::ranges::transform(type.values, std::back_inserter(names), &model::EnumValue::name);
    return problem(fmt::format("the enum '{}' has no value {}", type.name, in_quotes(text)),
                   closest(text, names));
  }
  if (found->since > since)
    return problem(
        fmt::format("'{}' exists since {}, what uses it here since {}: give that a \"since\" of {}",
                    found->name, to_text(found->since), to_text(since), to_text(found->since)));
  return {model::Default(model::EnumDefault{static_cast<std::size_t>(found - type.values.begin())}), {}, {}};
}

}  // namespace

DefaultResult parse_default(std::string_view text, const model::Type& type, std::string_view type_name,
                            const std::vector<model::Enum>& enums, model::Version since) {
  const bool is_object = std::holds_alternative<model::ClassType>(type);
  if (is_object || std::holds_alternative<model::Bytes>(type))
    return problem(fmt::format("{} have no default", is_object ? "objects" : "'bytes'"));
  if (text.empty()) return problem("a default is missing after '='");
  if (const auto* scalar = std::get_if<Scalar>(&type)) return parse_scalar(text, *scalar, type_name);
  if (const auto* enumeration = std::get_if<model::EnumType>(&type))
    return parse_enum_value(text, enums[enumeration->index], since);
  return parse_text(text);
}

}  // namespace tally::generator
