// What the host supplies: callbacks, and tables of the methods that it implements, as structs of X.h.
#pragma once

#include <string>
#include <vector>

#include "generator/model/interface.hpp"

namespace tally::generator::c {

/// All callbacks; empty if there are none.
std::string callbacks_section(const model::Interface&);

/// The methods of a class that the host implements.
std::string methods_struct(const model::Interface&, const model::Class&);

/// The same in the order of their table: a later minor's stand at the end.
std::vector<model::Method> methods_in_order(const model::Class&);

}  // namespace tally::generator::c
