// Which classes anyone can ever have an object of.
#pragma once

#include <vector>

#include "generator/model/interface.hpp"

namespace tally::generator {

/// For each class whether an object of it can be obtained: from a creator, or as the result of a method, by a
/// caller who has no object to begin with.
std::vector<bool> obtainable_classes(const model::Interface& interface);

}  // namespace tally::generator
