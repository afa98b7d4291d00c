// The classes of X.hpp: for each a reference, which calls, and an owner, which also gives the object back;
// and what bindings/cpp has to know of it.
#pragma once

#include <string>

#include "generator/model/interface.hpp"

namespace tally::generator::cpp {

/// "struct EncoderClass", for namespace detail.
std::string traits(const model::Interface&, const model::Class&);
/// Reference and owner.
std::string classes(const model::Interface&, const model::Class&);
/// Their member functions, behind all classes.
std::string definitions(const model::Interface&, const model::Class&);

}  // namespace tally::generator::cpp
