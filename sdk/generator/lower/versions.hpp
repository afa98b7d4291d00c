// Versions: the interface's own, and since which one each part of it exists.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generator/lower/complaints.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// "1.0"; none if it isn't two numbers of 16 bits without leading zeros.
std::optional<model::Version> parse_version(std::string_view text);

std::string to_text(model::Version version);

class Versions {
 public:
  /// Reads "version" of the interface, and complains if it can't be one.
  Versions(const Node& interface, Complaints& complaints);

  model::Version interface_version() const { return interface_.value_or(model::Version{}); }

  /// The first minor of the interface's major: since when a part exists that doesn't say.
  model::Version first() const { return {interface_version().major, 0}; }

  /// "since" of a part of the interface, checked.
  model::Version since(const Node& part) const { return since(part, first(), ""); }

  /// "since" of a part of a part, such as a class's method; by default, and at the earliest, that of the
  /// whole.
  model::Version since(const Node& part, model::Version whole, std::string_view what_whole_is) const;

 private:
  std::optional<model::Version> read(const Node& version) const;

  Complaints& complaints_;
  std::optional<model::Version> interface_;
};

}  // namespace tally::generator
