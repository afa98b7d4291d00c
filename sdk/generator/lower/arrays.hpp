// Arrays: the class `sample_array` that a class with "arrays" makes.
#pragma once

#include <string>
#include <vector>

#include "generator/lower/classes.hpp"
#include "generator/lower/complaints.hpp"
#include "generator/lower/versions.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// "sample_array".
std::string array_name(const std::string& element);

/// An array of the class at this index, yet without its creator.
model::Class declare_array(const std::string& element_name, std::size_t element, model::Threads threads);

/// Gives every array the creator that makes `count` objects at once, once the classes have theirs.
void complete_arrays(const std::vector<ClassNode>& nodes, const Versions& versions,
                     std::vector<model::Class>& classes, Complaints& complaints);

}  // namespace tally::generator
