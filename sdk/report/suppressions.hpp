// What may be left: with a reason, and until a day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace tally::report {

struct Suppression {
  std::string class_name = "*";  ///< patterns, as of file names
  std::string module = "*";
  std::string place = "*";  ///< of the creation, or of any call of its stack
  std::optional<std::uint64_t> most;
  std::string reason;
  std::string until;       ///< the last day on which it holds: "2026-11-25"
  std::size_t number = 0;  ///< in its file, from 1

  std::uint64_t hidden = 0;  ///< so far
  bool matches(const Group& group) const;
  bool has_expired() const;
  /// Takes as many of `count` as it may.
  std::uint64_t hide(const Group& group, std::uint64_t count);
};

struct Suppressions {
  std::vector<Suppression> all;
  std::string problem;  ///< why the file can't be read, for the user
};
Suppressions read_suppressions(const std::string& path);

}  // namespace tally::report
