// Values count up from the one before, as in C, but neither past 32 bits nor onto a number that is taken.
#include "generator/lower/enums.hpp"

#include <fmt/format.h>

#include <limits>
#include <map>

#include "generator/lower/parts.hpp"

namespace tally::generator {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int32_t>::max();

/// Gives one enum's values their numbers.
class Numbering {
 public:
  explicit Numbering(Complaints& complaints) : complaints_(complaints) {}

  std::int32_t number(const Node& value) {
    const Node written = value["value"];
    if (written.exists()) {
      const auto given = written_number(written);
      is_lost_ = !given;
      next_ = given.value_or(next_);
    }
    if (is_lost_) return 0;
    const std::int64_t number = next_++;
    if (number > kHighest) {
      complaints_.at_key(
          value, fmt::format("comes after {}, the highest number of an enum: give it a \"value\"", kHighest));
      is_lost_ = true;
      return 0;
    }
    const auto [first, is_new] = taken_.try_emplace(number, value);
    if (!is_new)
      complaints_.at_key(value, fmt::format("has the number {}, as '{}' has on line {}", number,
                                            first->second.key(), complaints_.line_of(first->second)));
    return static_cast<std::int32_t>(number);
  }

 private:
  /// The number given in the file. What isn't a whole number, the schema has refused.
  std::optional<std::int64_t> written_number(const Node& node) {
    const Json& json = *node.json();
    if (!json.is_number_integer()) return std::nullopt;
    const bool is_huge = json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t{kHighest};
    if (!is_huge && json.get<std::int64_t>() >= kLowest && json.get<std::int64_t>() <= kHighest)
      return json.get<std::int64_t>();
    complaints_.at_value(node, fmt::format("must be from {} to {}, not {}", kLowest, kHighest, json.dump()));
    return std::nullopt;
  }

  Complaints& complaints_;
  std::map<std::int64_t, Node> taken_;
  std::int64_t next_ = 0;
  bool is_lost_ = false;  ///< counting can't go on until a number is given
};

model::Enum lower_enum(const Node& node, const Versions& versions, Complaints& complaints) {
  check_key(node, NameKind::enumeration, complaints);
  model::Enum result{node.key(), doc_of(node), versions.since(node), {}};
  Numbering numbering(complaints);
  for (const Node& value : node["values"].members()) {
    check_key(value, NameKind::enum_value, complaints);
    result.values.push_back(
        {value.key(), doc_of(value), versions.since(value, result.since, "enum"), numbering.number(value)});
  }
  return result;
}

}  // namespace

std::vector<model::Enum> lower_enums(const Node& enums, const Versions& versions, Complaints& complaints) {
  std::vector<model::Enum> result;
  for (const Node& node : enums.members()) result.push_back(lower_enum(node, versions, complaints));
  return result;
}

}  // namespace tally::generator
