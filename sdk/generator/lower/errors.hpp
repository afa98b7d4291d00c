// The interface's own errors, with their status numbers.
#pragma once

#include <vector>

#include "generator/lower/complaints.hpp"
#include "generator/lower/versions.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// The status of the first error; further ones count down. TALLY_STATUS_FIRST_OF_INTERFACE in abi/include.
inline constexpr std::int32_t kFirstErrorStatus = -1000;

/// In the order of the file. Statuses follow the versions first, then the file, so that a later version's
/// errors never move an earlier one's.
std::vector<model::Error> lower_errors(const Node& errors, const Versions& versions, Complaints& complaints);

}  // namespace tally::generator
