// Which functions give Python objects to a module to keep, and which objects report them to the garbage
// collector: the one that such a call makes, else the one that it is called on.
#pragma once

#include "generator/model/functions.hpp"

namespace tally::generator::python {

/// Whether owners of the class report what was given through them.
bool reports_kept(const model::Interface&, const model::Class&);

/// Whether the argument is a callback, or an object whose owner reports something.
bool is_kept(const model::Interface&, const model::Parameter&);

/// The class of the object that a call makes and gives to the caller; null if it makes none.
const model::Class* made_class(const model::Interface&, const model::Function&);

}  // namespace tally::generator::python
