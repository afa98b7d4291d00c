// What an author or a caller's callback returned, as the value that the description promises: nothing is
// narrowed, and an enum has one of its values.
#pragma once

#include <cstdint>
#include <span>

#include "tally/error.hpp"
#include "tally/runtime/requirements.hpp"

namespace tally::runtime {

/// Throws a CallbackError with a text as printf makes it, and allocates nothing for it.
[[noreturn, gnu::cold, gnu::format(printf, 2, 3)]] void callback_error(tally_status status,
                                                                       const char* format, ...);

/// The values of an enum, and what the description calls them: "sad (0), glad (1)".
struct Choices {
  std::span<const std::int32_t> values;
  const char* names;

  constexpr bool have(std::int32_t value) const noexcept {
    for (const std::int32_t each : values) {
      if (each == value) return true;
    }
    return false;
  }
};

/// An author's result is an enum's, and none of its values.
struct NoSuchChoice {
  std::int32_t value;
  const char* names;
};

/// A number that an author returned.
template <class To, class From>
constexpr To number(From value) noexcept {
  static_assert(
      NumberFor<From, To>,
      "the result is a number that the described type can't hold in every case: return that type, or "
      "cast to it where that is meant");
  return static_cast<To>(value);
}

/// A truth value that an author returned.
template <class To, class From>
constexpr To flag(From value) noexcept {
  static_assert(Flag<From>, "the result is described as a bool: return a bool");
  return value ? 1 : 0;
}

/// An enum's value that an author returned.
template <class Enum, class From>
constexpr std::int32_t choice(From value, Choices choices) {
  static_assert(ChoiceOf<From, Enum>, "the result is described as an enum: return that enum");
  const auto number = static_cast<std::int32_t>(value);
  if (!choices.have(number)) throw NoSuchChoice{number, choices.names};
  return number;
}

/// An enum's value that a caller's callback, `name`, returned.
template <class Enum>
Enum chosen(const char* name, std::int32_t value, Choices choices) {
  if (!choices.have(value)) {
    callback_error(TALLY_INVALID_ARGUMENT,
                   "invalid argument: the caller's '%s' returned %d, which is not one of the values of its "
                   "enum: %s",
                   name, value, choices.names);
  }
  return static_cast<Enum>(value);
}

}  // namespace tally::runtime
