// Which functions give Python objects to a module to keep, and which objects report them to the garbage
// collector: the one that such a call makes, else the one that it is called on.
#pragma once

#include <vector>

#include "generator/model/functions.hpp"

namespace tally::generator::python {

/// Found once for an interface, and asked for each function. Holds on to the interface.
class Kept {
 public:
  explicit Kept(const model::Interface&);

  /// Whether owners of the class report what was given through them.
  bool is_reported_by(const model::Class&) const;

  /// Whether the argument is a callback, or an object whose owner reports something.
  bool is_kept(const model::Parameter&) const;

 private:
  bool gives(const model::Function&) const;

  const model::Interface& interface_;
  std::vector<bool> reporting_;  ///< by class
};

/// The class of the object that a call makes and gives to the caller; null if it makes none.
const model::Class* made_class(const model::Interface&, const model::Function&);

}  // namespace tally::generator::python
