// What modules call: callbacks as std::function, and classes that the host implements as virtual functions,
// with the C functions that lead to them.
#pragma once

#include <string>

#include "generator/model/interface.hpp"

namespace tally::generator::cpp {

/// "using Progress = std::function<...>;", for all callbacks.
std::string callback_types(const model::Interface&);

/// "class SinkMethods", to derive from, with what its later methods do by default: of a class of the host's.
std::string methods_class(const model::Interface&, const model::Class&);
std::string methods_defaults(const model::Interface&, const model::Class&);

/// The C functions and tables behind all of these, for namespace detail; they need every class complete.
std::string trampolines(const model::Interface&);

}  // namespace tally::generator::cpp
