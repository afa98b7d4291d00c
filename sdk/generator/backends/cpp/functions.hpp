// The functions of X.hpp that call a module: methods, creators, and those that need no object.
#pragma once

#include <string>

#include "generator/model/functions.hpp"

namespace tally::generator::cpp {

/// Inside its class, or for one without an object in the namespace, with its contract as a comment.
std::string declaration(const model::Interface&, const model::Function&);
/// Behind all classes.
std::string definition(const model::Interface&, const model::Function&);

/// Whether the wrapper has it as a function of its own, and not bindings/cpp for all classes.
bool has_wrapper(const model::Function&);
/// Whether it is a member of the owner's class, and not of the reference's.
bool is_owners(const model::Function&);

}  // namespace tally::generator::cpp
