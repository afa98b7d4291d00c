// Parents: which class is part of which, and where the parent of each new object is found.
#pragma once

#include <vector>

#include "generator/lower/classes.hpp"
#include "generator/lower/complaints.hpp"
#include "generator/lower/types.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// Reads "parent" and "parent_ends" of every class. A class whose parent is a mistake has none.
void lower_parents(const std::vector<ClassNode>& nodes, const TypeTable& types, model::Interface& interface,
                   Complaints& complaints);

/// Finds the parent of what each creator, method and function makes: the object that it is called on, that
/// one's own parent, or the one that it borrows.
void find_parent_sources(const Node& root, const std::vector<ClassNode>& nodes, model::Interface& interface,
                         Complaints& complaints);

}  // namespace tally::generator
