// The shape of a description, checked against the published JSON Schema, which is built into the generator.
//
// Each mistake gives one message of our own, with its place; a validator's consequences ("the parent failed
// too") give none. What lowering says better (names, ranges of numbers) is left to it.
#pragma once

#include <string_view>

#include "generator/load/diagnostic.hpp"
#include "generator/load/document.hpp"

namespace tally::generator {

/// Whether the document has the shape; if not, `diagnostics` says where it differs, unless that is left to
/// lowering.
bool validate_shape(const Document& document, Diagnostics& diagnostics);

/// abi/schema/interface.schema.json, as it was when the generator was built.
std::string_view schema_text();

}  // namespace tally::generator
