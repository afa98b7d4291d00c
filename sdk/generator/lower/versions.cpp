// The schema has checked the form; here it is the meaning. Without a readable interface version nothing is
// compared.
#include "generator/lower/versions.hpp"

#include <fmt/format.h>

#include <charconv>

namespace tally::generator {
namespace {

std::optional<std::uint16_t> parse_number(std::string_view digits) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool has_leading_zero = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc{} || end != digits.data() + digits.size() || has_leading_zero) return std::nullopt;
  return number;
}

/// Whether a number has the form that the schema asks for, though it may be above 65535.
bool has_form(std::string_view digits) {
  return !digits.empty() && digits.size() <= 5 &&
         digits.find_first_not_of("0123456789") == std::string_view::npos &&
         (digits.size() == 1 || digits.front() != '0');
}

bool has_version_form(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && has_form(text.substr(0, dot)) && has_form(text.substr(dot + 1));
}

}  // namespace

std::optional<model::Version> parse_version(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto major = parse_number(text.substr(0, dot));
  const auto minor = parse_number(text.substr(dot + 1));
  if (!major || !minor) return std::nullopt;
  return model::Version{*major, *minor};
}

std::string to_text(model::Version version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

Versions::Versions(const Node& interface, Complaints& complaints)
    : complaints_(complaints), interface_(read(interface["version"])) {}

model::Version Versions::since(const Node& part, model::Version whole, std::string_view what_whole_is) const {
  const Node node = part["since"];
  const std::optional<model::Version> since = read(node);
  if (!since || !interface_) return whole;
  if (since->major != interface_->major)
    complaints_.at_value(node, fmt::format("must be of the interface's major, {}, not {}", interface_->major,
                                           to_text(*since)));
  else if (*since > *interface_)
    complaints_.at_value(node, fmt::format("{} is later than the interface's version, {}", to_text(*since),
                                           to_text(*interface_)));
  else if (*since < whole)
    complaints_.at_value(node, fmt::format("{} is earlier than that of its {}, {}", to_text(*since),
                                           what_whole_is, to_text(whole)));
  else
    return *since;
  return whole;
}

std::optional<model::Version> Versions::read(const Node& version) const {
  const std::optional<std::string> text = version.text();
  if (!text) return std::nullopt;
  const std::optional<model::Version> parsed = parse_version(*text);
  // Five digits pass the schema, but not all of them the model.
  if (!parsed && has_version_form(*text))
    complaints_.at_value(
        version, fmt::format("{} has a number above 65535, the highest in a version", in_quotes(*text)));
  return parsed;
}

}  // namespace tally::generator
