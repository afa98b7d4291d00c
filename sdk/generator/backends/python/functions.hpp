// One C++ function of the extension module for each creator and method.
#pragma once

#include <string>

#include "generator/model/functions.hpp"

namespace tally::generator::python {

/// Whether Python calls it without any argument.
bool takes_nothing(const model::Function&);

/// Its name in the extension's source: "Encoder_write".
std::string cpp_name(const model::Function&);

/// Its parameters as a constant, and its definition.
std::string definition(const model::Interface&, const model::Function&);

}  // namespace tally::generator::python
