// The reference in Markdown: X.md.
#pragma once

#include "generator/backends/backend.hpp"

namespace tally::generator::docs {

std::vector<Artefact> generate(const model::Interface&);
std::vector<Symbol> symbols(const model::Interface&);

}  // namespace tally::generator::docs
