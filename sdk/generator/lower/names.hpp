// What may be a name: snake_case, not too long, and free in every target.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tally::generator {

enum class NameKind {
  interface,
  error,
  enumeration,
  enum_value,
  callback,
  function,
  object_class,
  creator,
  method,
  parameter
};

struct NameProblem {
  std::string message;
  std::optional<std::string> suggestion = std::nullopt;
};

/// Why something of that kind can't have the name; none if it can.
std::optional<NameProblem> check_name(std::string_view name, NameKind kind);

}  // namespace tally::generator
