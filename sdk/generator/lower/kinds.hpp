// What kind of class a class is: counted, with arrays, implemented by the host, or none of these.
#pragma once

#include "generator/lower/complaints.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// Complains of what doesn't go together, "parent" included.
model::ClassKind lower_kind(const Node& class_node, Complaints& complaints);

/// Whether the class has arrays: "arrays": true, or an object.
bool has_arrays(const Node& class_node);

}  // namespace tally::generator
