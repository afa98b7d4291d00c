// The Python binding: X_python.cpp (the extension module X), X_python.hpp (for pybind11 code that takes its
// objects) and X.pyi (for type checkers).
#pragma once

#include "generator/backends/backend.hpp"
#include "generator/backends/python/naming.hpp"

namespace tally::generator::python {

std::vector<Artefact> generate(const model::Interface&);

Artefact extension(const model::Interface&);
Artefact casters(const model::Interface&);
Artefact stub(const model::Interface&);

}  // namespace tally::generator::python
