// X_host.hpp: what the host gives to the module, as the author sees it: callbacks, and objects of the classes
// that the host implements.
#pragma once

#include "generator/backends/backend.hpp"

namespace tally::generator::module {

Artefact host_header(const model::Interface&);

}  // namespace tally::generator::module
