// What the author's classes have to offer: a concept for each creator, method and function, and the assertion
// that says it in words.
#pragma once

#include <string>

#include "generator/model/functions.hpp"

namespace tally::generator::module {

/// Whether the author has to write something for this function.
bool is_required(const model::Function&);

/// Where the assertions look: the classes, each on a line that says what it is for, and what makes functions
/// of the namespace something to ask for.
std::string lookups(const model::Interface&);

std::string requirement(const model::Interface&, const model::Function&);

}  // namespace tally::generator::module
