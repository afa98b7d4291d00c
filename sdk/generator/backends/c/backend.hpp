// The C header: X.h.
#pragma once

#include "generator/backends/backend.hpp"

namespace tally::generator::c {

std::vector<Artefact> generate(const model::Interface&);

}  // namespace tally::generator::c
