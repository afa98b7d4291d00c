// Descriptors: what a module says of itself, as JSON, in a section of its file that can be read without
// running it; and the description of an interface in its plainest form, which is part of that.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "generator/model/interface.hpp"

namespace tally::generator {

/// The functions in the order of the table: name, since, hash, meaning.
nlohmann::ordered_json function_list(const model::Interface& interface);

/// A description that lowers to the same model, with nothing abbreviated.
nlohmann::ordered_json plain_description(const model::Interface& interface);

/// { "tallystick", "interface", "version", "functions", "description" }, indented, to be read by people too.
std::string descriptor_text(const model::Interface& interface);

}  // namespace tally::generator
