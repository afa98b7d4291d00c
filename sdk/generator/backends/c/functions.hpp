// The functions that X.h declares, each with its contract: those of the interface, and those of each class.
#pragma once

#include <string>
#include <vector>

#include "generator/model/functions.hpp"

namespace tally::generator::c {

/// The comment above a declaration, and the declaration; without one, only that.
std::string with_comment(const std::vector<std::string>& paragraphs, const std::string& declaration);

/// Functions that need no object, and X_allocate; empty if there are none.
std::string functions_section(const model::Interface&);

std::string class_section(const model::Interface&, const model::Class&);

/// The function that takes a token back: "codec_encoder_destroy", "shop_image_release".
std::string give_back_name(const model::Interface&, const model::Class&);

/// Whether the function returns a token, and says why not in an error.
bool returns_token(const model::Function&);

}  // namespace tally::generator::c
