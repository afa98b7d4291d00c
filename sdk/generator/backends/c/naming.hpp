// What things are called in C. The C ABI is what all languages rest on, so other backends use these names
// too.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "generator/backends/backend.hpp"
#include "generator/model/functions.hpp"

namespace tally::generator::c {

std::string version_text(model::Version version);                            // "1.0"
std::string type_name(const model::Interface&, const model::Class&);         // codec_encoder
std::string function_name(const model::Interface&, const model::Function&);  // codec_encoder_write
std::string slot_name(const model::Function&);                               // encoder_write
std::string enum_name(const model::Interface&, const model::Enum&);          // codec_mode
std::string enum_value_name(const model::Interface&, const model::Enum&,
                            const model::EnumValue&);                  // CODEC_MODE_FAST
std::string error_name(const model::Interface&, const model::Error&);  // CODEC_ERROR_CORRUPT_INPUT
std::string default_name(const model::Interface&, const model::Function&, const model::Parameter&);
std::string api_name(const model::Interface&);                               // codec_api
std::string callback_name(const model::Interface&, const model::Callback&);  // shop_progress
std::string methods_name(const model::Interface&, const model::Class&);      // shop_sink_methods

/// Where a thing stands in the description, as diagnostics have it. An array's is where its element's class
/// asks for it.
std::string path_of(const model::Class&);
std::string path_of(const model::Function&);
std::string path_of(const model::Function&, const model::Parameter&);

/// The types of the interface's own that X.h names, each with the path of what it is made from.
std::map<std::string, std::string> type_paths(const model::Interface&);

std::vector<Symbol> symbols(const model::Interface&);

}  // namespace tally::generator::c
