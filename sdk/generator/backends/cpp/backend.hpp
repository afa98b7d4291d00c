// The C++ wrapper: X_types.hpp (enums and errors, which authors use too) and X.hpp (classes and functions).
#pragma once

#include "generator/backends/backend.hpp"
#include "generator/backends/cpp/naming.hpp"

namespace tally::generator::cpp {

std::vector<Artefact> generate(const model::Interface&);

Artefact types_header(const model::Interface&);
Artefact wrapper_header(const model::Interface&);

}  // namespace tally::generator::cpp
