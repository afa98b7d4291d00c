// From a document to the model: what a description means, and every rule that its JSON Schema can't say.
#pragma once

#include <optional>

#include "generator/load/document.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// The model, or none if the description has mistakes: those that `diagnostics` holds already, or those found
/// here. Parts that are wrong are passed over, and so are references to them, so that one mistake gives one
/// message.
std::optional<model::Interface> lower(const Document& document, Diagnostics& diagnostics);

}  // namespace tally::generator
