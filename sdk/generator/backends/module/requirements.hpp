// What the author's classes have to offer: a concept for each creator, method and function, and the assertion
// that says it in words.
#pragma once

#include <string>

#include "generator/model/functions.hpp"

namespace tally::generator::module {

/// Whether the author has to write something for this function.
bool is_required(const model::Function&);

std::string requirement(const model::Interface&, const model::Function&);

}  // namespace tally::generator::module
