// The body of each exported function: check what came in, call the author, settle what goes out.
#pragma once

#include <string>

#include "generator/model/functions.hpp"

namespace tally::generator::module {

/// The hidden C function with its body, and the name that programs link to.
std::string definition(const model::Interface&, const model::Function&);

}  // namespace tally::generator::module
