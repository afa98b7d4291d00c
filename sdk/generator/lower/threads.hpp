// Which threads may use the objects of a class, and whether that goes with its parent.
#pragma once

#include <vector>

#include "generator/load/document.hpp"
#include "generator/lower/classes.hpp"
#include "generator/lower/complaints.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// "threads" of a class; confined, unless it says otherwise.
model::Threads lower_threads(const Node& class_node);

/// Complains of children that no thread could use without breaking the rule of their parent. Parents have
/// been lowered.
void check_threads(const std::vector<ClassNode>& nodes, const std::vector<model::Class>& classes,
                   Complaints& complaints);

}  // namespace tally::generator
