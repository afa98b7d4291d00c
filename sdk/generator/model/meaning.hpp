// What a function means, as text and as a number: what callers and modules must agree on, and nothing else.
//
// Two functions of one meaning can be called for each other. The meaning follows types through as of the
// function's `since` (an enum's values that came later don't count), names classes by name, and holds own and
// borrow, the class's thread rule and the parameters' order. Names of parameters, defaults, documentation and
// the order of the file are no part of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "generator/model/functions.hpp"

namespace tally::generator::model {

/// "with-parent": the thread rule of a class, as descriptions say it.
std::string_view thread_rule_name(Threads threads);

/// "encoder.write(self: borrow encoder confined, borrow bytes) -> own bytes".
std::string meaning(const Interface& interface, const Function& function);

/// 64-bit FNV-1a of the text.
std::uint64_t hash(std::string_view text);

/// Sixteen hexadecimal digits.
std::string hash_text(std::uint64_t hash);

}  // namespace tally::generator::model
