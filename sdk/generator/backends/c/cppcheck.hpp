// X.cfg: what cppcheck has to know of an interface to find leaks, double and mismatched destroys in C code
// that calls the exported functions. `cppcheck --library=X.cfg ...`.
#pragma once

#include "generator/backends/backend.hpp"

namespace tally::generator::c {

Artefact cppcheck_configuration(const model::Interface&);

}  // namespace tally::generator::c
