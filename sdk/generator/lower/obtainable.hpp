// Which classes anyone can ever have an object of.
#pragma once

#include <vector>

#include "generator/model/interface.hpp"

namespace tally::generator {

/// For each class whether an object of it can be obtained by a caller who has none to begin with: from a
/// creator, as the result of a method or a function, or as an argument of a callback or of a method that the
/// host implements. Classes that the host implements are there for the making.
std::vector<bool> obtainable_classes(const model::Interface& interface);

}  // namespace tally::generator
