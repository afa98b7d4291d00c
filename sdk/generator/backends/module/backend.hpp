// The glue for a module's author: X_glue.hpp, which turns plain C++ classes into a module.
#pragma once

#include "generator/backends/backend.hpp"

namespace tally::generator::module {

std::vector<Artefact> generate(const model::Interface&);
std::vector<Symbol> symbols(const model::Interface&);

}  // namespace tally::generator::module
