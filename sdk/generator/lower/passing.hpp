// Who owns what is passed: what `own`, `borrow`, `view` and `callback` mean before a type, and where each of
// them may stand.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generator/lower/types.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// Why a value of the type, called `name`, can't be passed with that word (empty: with none) in that role;
/// empty if it can.
std::string explain_passing(std::string_view word, std::string_view name, const model::Type& type, Role role);

/// How it is passed then.
model::Passing passing_of(std::string_view word, const model::Type& type);

}  // namespace tally::generator
