// Enums and the numbers of their values.
#pragma once

#include <vector>

#include "generator/lower/complaints.hpp"
#include "generator/lower/versions.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// In the order of the file. Every enum is there, and every value, also those that were complained of: what
/// refers to them is not to be blamed.
std::vector<model::Enum> lower_enums(const Node& enums, const Versions& versions, Complaints& complaints);

}  // namespace tally::generator
