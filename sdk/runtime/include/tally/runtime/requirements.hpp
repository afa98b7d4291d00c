// What the glue asks of an author's classes and functions before it calls them, so that what does not fit is
// said in one line, and in the words of the description.
#pragma once

#include <concepts>
#include <ranges>
#include <type_traits>

#include "tally/bytes.hpp"
#include "tally/own.hpp"

namespace tally::runtime {

/// The parameter of functions that nobody can call: the glue declares one beside each function that the
/// author is to have, so that looking for a missing one finds something.
struct Nothing {
  Nothing() = delete;
};

template <class Type>
using Plain = std::remove_cvref_t<Type>;

template <class To, class From>
concept CanHold = requires(From value) {
  To{value};
};

/// What a function may return for a truth value, a number, an enum.
template <class From>
concept Flag = std::same_as<bool, Plain<From>>;
template <class From, class To>
concept NumberFor = std::is_arithmetic_v<Plain<From>> && !Flag<From> && CanHold<To, Plain<From>>;
template <class From, class Enum>
concept ChoiceOf = std::same_as<Plain<From>, Enum>;

/// What owns its memory, and is no view of another's.
template <class From>
concept OwnsMemory = !std::same_as<Plain<From>, Bytes> && !std::ranges::enable_borrowed_range<Plain<From>>;

/// What owns text that ends with a NUL.
template <class Type>
concept HasText = requires(Type& text) {
  text.c_str();
  text.size();
};

template <class Type>
concept HasBytes = requires(Type& memory) {
  requires sizeof(*memory.data()) == 1;
  memory.size();
};

/// What a function may return for `own bytes` and `own string`, `view bytes` and `view string`.
template <class From>
concept OwnBytes = OwnsMemory<From> && HasBytes<Plain<From>>;
template <class From>
concept OwnText = OwnsMemory<From> && HasText<Plain<From>>;
template <class From>
concept StaysInObject = std::is_reference_v<From> || std::is_trivially_destructible_v<From>;
template <class From>
concept Viewed = StaysInObject<From> && HasBytes<Plain<From>>;

/// What a creator may return, and what a function may for `own X`.
template <class From, class Object>
concept NewObject = std::same_as<Plain<From>, Object> || std::is_constructible_v<Object, From>;
template <class From, class Object>
concept OwnObject = std::same_as<Plain<From>, Own<Object>> || NewObject<From, Object>;

}  // namespace tally::runtime
