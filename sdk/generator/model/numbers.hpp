// The numbers that follow from where something stands: those of errors and of enums' values. Callers and
// modules must agree on them beside the meanings of functions, since any function can return any error, and a
// value of an enum that came later than a function is no part of that function's meaning.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/model/interface.hpp"

namespace tally::generator::model {

struct Number {
  std::string name;  ///< "errors.corrupt_input", "enums.mode.fast"
  std::int32_t value;
  Version since;
};

/// Errors in the order of their statuses, then the enums' values as the description has them.
std::vector<Number> numbers(const Interface& interface);

}  // namespace tally::generator::model
