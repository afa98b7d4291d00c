// Default values: JSON, read as a value of the parameter's type.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/model/interface.hpp"

namespace tally::generator {

struct DefaultResult {
  std::optional<model::Default> value;
  std::string
      problem;  ///< empty if there is a value, or if a mistake reported elsewhere keeps it from being known
  std::optional<std::string> suggestion;
};

/// The value of `type`, called `type_name`, that `text` means in a function that exists since `since`.
DefaultResult parse_default(std::string_view text, const model::Type& type, std::string_view type_name,
                            const std::vector<model::Enum>& enums, model::Version since);

}  // namespace tally::generator
