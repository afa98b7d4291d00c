// What the lowering of every part needs, in one place, and the small things that all parts have: a name and a
// text.
#pragma once

#include <string>

#include "generator/lower/complaints.hpp"
#include "generator/lower/names.hpp"
#include "generator/lower/versions.hpp"

namespace tally::generator {

/// Complains if the node's key can't be the name of something of that kind.
void check_key(const Node& node, NameKind kind, Complaints& complaints);

/// The documentation of a part that is either its text or an object with a "doc".
std::string doc_of(const Node& part);

/// A part's type string: the part itself, or its "type".
Node type_node_of(const Node& part);

}  // namespace tally::generator
