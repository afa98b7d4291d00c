// What things are called and how values are passed in the C++ wrapper.
#pragma once

#include <string>
#include <vector>

#include "generator/backends/backend.hpp"
#include "generator/model/functions.hpp"

namespace tally::generator::cpp {

std::string owner_name(const model::Class&);        // Encoder
std::string reference_name(const model::Class&);    // EncoderRef
std::string methods_name(const model::Class&);      // SinkMethods, which a host derives from
std::string traits_name(const model::Class&);       // detail::EncoderClass
std::string callback_name(const model::Callback&);  // Progress
std::string enum_name(const model::Enum&);          // Mode
std::string error_name(const model::Error&);        // CorruptInput

/// std::int32_t, bool, Mode.
std::string value_type(const model::Interface&, const model::Type&);
/// A parameter of a wrapper's function: "tally::Bytes chunk", "Encoder&& model", "Progress handler".
std::string parameter(const model::Interface&, const model::Parameter&, bool with_default);
/// A default as a C++ expression.
std::string default_value(const model::Interface&, const model::Parameter&);

/// A C declaration in C++'s spacing: "const codec_encoder* self".
std::string respace(std::string c_declaration);

std::vector<Symbol> symbols(const model::Interface&);

}  // namespace tally::generator::cpp
