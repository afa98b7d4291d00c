// What things are called in the glue, and which part of the model each rests on.
#pragma once

#include <string>

#include "generator/model/functions.hpp"

namespace tally::generator::module {

/// The C++ class of a class's objects: "author::Encoder"; "shop::host::Sink" for one of the host's;
/// "rt::Array<author::Sample>".
std::string object_type(const model::Interface&, const model::Class&);
/// The slot table of a class: "encoder_table".
std::string table_name(const model::Class&);
/// "codec_hidden_encoder_write".
std::string hidden_name(const model::Interface&, const model::Function&);
/// The author's type for a callback: "shop::host::Progress".
std::string callback_type(const model::Interface&, const model::Callback&);

/// What the values of an enum are kept in, where a file has choice_definitions(): "mood_choices_".
std::string choices(const model::Interface&, const model::Type&);
std::string choice_definitions(const model::Interface&);

bool is_class(const model::Type&);
bool is_memory(const model::Type&);
bool is_callback(const model::Type&);
/// Whether the call takes something away from the caller.
bool is_taken(const model::Parameter&);
const model::Class& class_of(const model::Interface&, const model::Type&);

/// Whether the author writes the class, and not the glue.
bool is_authors(const model::Class&);
/// Whether the interface has callbacks or classes of the host, for which authors include X_host.hpp.
bool has_host_types(const model::Interface&);

}  // namespace tally::generator::module
