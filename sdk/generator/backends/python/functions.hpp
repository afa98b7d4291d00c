// One C++ function of the extension module for each creator, method and function, and one for each callback
// and each method that the host implements, which C calls.
#pragma once

#include <string>

#include "generator/backends/python/kept.hpp"
#include "generator/model/functions.hpp"

namespace tally::generator::python {

/// Whether Python sees the function as it is in the table: those that a description tells of, and retain.
bool is_offered(const model::Function&);

/// Whether Python calls it without any argument.
bool takes_nothing(const model::Function&);

/// Its name in the extension's source: "Encoder_write", "static_checksum".
std::string cpp_name(const model::Function&);

/// Its parameters as a constant, and its definition.
std::string definition(const model::Interface&, const Kept&, const model::Function&);

/// What C calls for a callback: its definition.
std::string definition(const model::Interface&, const model::Callback&);
/// The same for the methods of a class that the host implements, and their table.
std::string implementation(const model::Interface&, const model::Class&);

}  // namespace tally::generator::python
