// Words that a name can't be, because a target's compiler or its usual headers have taken them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tally::generator {

/// Who has taken the word, as the end of a sentence: "a reserved word of C and C++", "a macro of <errno.h>".
/// None if it is free in every target.
///
/// Python's soft keywords (`match`, `case`, `type`) are good names in Python; it is Rust and C that take
/// them.
std::optional<std::string> reserved_as(std::string_view word);

/// The same for a name that stands in the global scope of C and C++, as an interface's does.
std::optional<std::string> reserved_globally_as(std::string_view word);

}  // namespace tally::generator
