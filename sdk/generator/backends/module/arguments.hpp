// Arguments in the glue: how each is checked before the author's code sees it, what that code is given, and
// how what was owned is settled afterwards. Names of the glue's own end in an underscore, which a parameter's
// can't.
#pragma once

#include <string>
#include <vector>

#include "generator/model/functions.hpp"

namespace tally::generator::module {

/// "if (const auto status_ = CHECK; status_ < 0) return status_;", or null where the function returns a
/// token.
std::string refuse_unless(const std::string& check, bool returns_status);

/// The object that a borrowed word names, as a pointer; the call is refused if it names none.
std::string find_object(const model::Interface&, const model::Class& of, const std::string& variable,
                        const std::string& parameter, bool returns_status);

/// The same for an object that several threads may use: it is entered until the call ends.
std::string use_object(const model::Class& of, const std::string& variable, const std::string& parameter,
                       bool returns_status);

/// All checks of a function's parameters. What is lent is found before anything is taken: the same object may
/// stand in both.
std::string checks(const model::Interface&, const model::Function&, bool returns_status);

/// What the author's code is given, in order.
std::vector<std::string> arguments(const model::Interface&, const model::Function&);

/// What follows the author's call: what it took is taken, what it did not is the caller's again.
std::string settlements(const model::Function&);

}  // namespace tally::generator::module
