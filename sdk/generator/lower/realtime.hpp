// Functions that the description calls real-time: whatever a signature asks of the runtime on top of the call
// itself must not allocate, wait or ask the system.
#pragma once

#include <vector>

#include "generator/lower/classes.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// What the description says of a method or function: it calls nobody, then.
bool is_said_realtime(const Node& function);

/// Fills in `is_realtime` of every method and function, and complains where it can't be kept. After
/// infer_reentry().
void lower_realtime(const Node& root, const std::vector<ClassNode>& nodes, model::Interface& interface,
                    Complaints& complaints);

}  // namespace tally::generator
