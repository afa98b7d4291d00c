// What things are called in Python, and what the docstrings say.
#pragma once

#include <string>
#include <vector>

#include "generator/backends/backend.hpp"
#include "generator/model/functions.hpp"

namespace tally::generator::python {

std::string class_name(const model::Class&);       // Encoder
std::string enum_name(const model::Enum&);         // Mode
std::string member_name(const model::EnumValue&);  // FAST
std::string error_name(const model::Error&);       // CorruptInput

/// "codec.Encoder.write"; "codec.Encoder" for the creator `create`, which the class itself stands for.
std::string function_name(const model::Interface&, const model::Function&);
/// Whether the function is the class's constructor.
bool is_constructor(const model::Function&);

/// Whether its first parameter is the module: creators and the interface's own functions.
bool takes_module(const model::Function&);
/// "shop.progress": how messages name a callback.
std::string callback_name(const model::Interface&, const model::Callback&);

/// What a creator's first parameters are called: "module" and "cls", or the like if it has such a parameter.
std::string module_parameter(const model::Function&);
std::string class_parameter(const model::Function&);

/// A default as a Python expression that needs no import but that of the interface: "6", "True",
/// "codec.Mode.FAST".
std::string default_value(const model::Interface&, const model::Parameter&);
/// Text as a Python literal, in ASCII.
std::string string_literal(std::string_view text);

/// "$self, /, chunk" or "$cls, module, /, level=6", as CPython reads it from a docstring.
std::string text_signature(const model::Interface&, const model::Function&);
/// What the function does, takes, returns and raises.
std::string docstring(const model::Interface&, const model::Function&);
std::string docstring(const model::Interface&, const model::Class&);

/// Whether the GIL is released around the call: functions that are given or give text or bytes do work on
/// them, those that can come back into Python may wait for another thread of it, and the others are over
/// before releasing would have paid.
bool releases_gil(const model::Function&);

std::vector<Symbol> symbols(const model::Interface&);

}  // namespace tally::generator::python
