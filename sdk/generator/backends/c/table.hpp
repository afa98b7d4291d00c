// The table that a loaded module gives, in the parts that X.h needs.
#pragma once

#include <string>

#include "generator/model/interface.hpp"

namespace tally::generator::c {

/// The struct X_api, with its layout frozen.
std::string table(const model::Interface&);

/// The functions that answer TALLY_NOT_SUPPORTED in place of those that an older module lacks.
std::string missing(const model::Interface&);

/// What an own table holds before a module has filled it: null where every module has a function, and what is
/// missing where not. As initialisers.
std::string own_table(const model::Interface&);

/// Names and hashes of all functions, as the initialisers of an array of tally_function in a macro.
std::string function_list(const model::Interface&);

/// The same for errors and values of enums and tally_number; nothing if there are none.
std::string number_list(const model::Interface&);

}  // namespace tally::generator::c
