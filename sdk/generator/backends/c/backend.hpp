// The C header, X.h, and what cppcheck has to know of its functions, X.cfg.
#pragma once

#include "generator/backends/backend.hpp"

namespace tally::generator::c {

std::vector<Artefact> generate(const model::Interface&);

}  // namespace tally::generator::c
