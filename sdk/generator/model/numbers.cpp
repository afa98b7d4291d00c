// See numbers.hpp.
#include "generator/model/numbers.hpp"

#include <algorithm>
#include <functional>

namespace tally::generator::model {

std::vector<Number> numbers(const Interface& interface) {
  std::vector<Number> all;
  for (const Error& error : interface.errors)
    all.push_back({"errors." + error.name, error.status, error.since});
  std::ranges::sort(all, std::greater{}, &Number::value);
  for (const Enum& type : interface.enums)
    for (const EnumValue& value : type.values)
      all.push_back({"enums." + type.name + "." + value.name, value.value, value.since});
  return all;
}

}  // namespace tally::generator::model
