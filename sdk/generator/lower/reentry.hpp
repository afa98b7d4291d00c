// Which calls can come back into the module before they end, and which objects can then be inside a call.
//
// It goes by the types: a call comes back by way of a callback, or of an object that the host implements. A
// class reaches out if one of its functions is given one of these, or an object of a class that reaches out,
// or returns one; and if its parent, one of its children or its array does. What a function that belongs to
// no class is given for good, any function may call, so then all of them reach out. "reenters" in the
// description has the last word.
#pragma once

#include <vector>

#include "generator/lower/classes.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// Fills in `reenters` of every creator, method and function, and `can_be_inside` of every class.
void infer_reentry(const Node& root, const std::vector<ClassNode>& nodes, model::Interface& interface);

}  // namespace tally::generator
