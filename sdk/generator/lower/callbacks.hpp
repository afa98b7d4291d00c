// Callbacks and functions: what stands in an interface beside its classes.
#pragma once

#include <vector>

#include "generator/lower/complaints.hpp"
#include "generator/lower/signatures.hpp"
#include "generator/lower/versions.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// The callbacks with their names and versions; what they take can be read once all types are known.
std::vector<model::Callback> declare_callbacks(const Node& callbacks, const Versions& versions,
                                               Complaints& complaints);
void complete_callbacks(const Node& callbacks, SignatureLowering& signatures,
                        std::vector<model::Callback>& declared);

std::vector<model::StaticFunction> lower_functions(const Node& functions, const Versions& versions,
                                                   SignatureLowering& signatures, Complaints& complaints);

}  // namespace tally::generator
