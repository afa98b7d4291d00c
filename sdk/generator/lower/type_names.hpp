// The words of type strings that are the same in every description.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "generator/model/interface.hpp"

namespace tally::generator {

struct BuiltinType {
  std::string_view name;
  model::Type type;
};

/// `bool` to `f64`, `string`, `bytes`.
std::span<const BuiltinType> builtin_types();

/// Whether the word says how something is passed: `own`, `borrow`, `view` or `callback`.
bool is_passing_word(std::string_view word);

/// Whether the word means something in every type string: a built-in type, or one that says how it is passed.
bool is_word_of_types(std::string_view word);

/// What another language's type is called here: "uint32_t" -> "u32", "const char*" -> "string".
std::optional<std::string> translated_type(std::string_view foreign);

}  // namespace tally::generator
