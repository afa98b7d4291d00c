// What the functions promise that no description has: they follow from the kind of a class, or from the
// interface.
#pragma once

#include <string>
#include <vector>

#include "generator/model/functions.hpp"

namespace tally::generator::c {

/// In paragraphs; none for a function of the description.
std::vector<std::string> standard_contract(const model::Interface&, const model::Function&);

}  // namespace tally::generator::c
