// The body of each exported function: check what came in, call the author, settle what goes out.
#pragma once

#include <string>

#include "generator/model/functions.hpp"

namespace tally::generator::module {

/// The hidden C function with its body, and the name that programs link to.
std::string definition(const model::Interface&, const model::Function&);

/// What the author's class has to offer for a creator or a method: a concept, and the assertion that says it
/// in words.
std::string requirement(const model::Interface&, const model::Function&);

/// "author::Encoder".
std::string author_class(const model::Class&);
/// The slot table of a class: "encoder_table".
std::string table_name(const model::Class&);
/// "codec_hidden_encoder_write".
std::string hidden_name(const model::Interface&, const model::Function&);

}  // namespace tally::generator::module
