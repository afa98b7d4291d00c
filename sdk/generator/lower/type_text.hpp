// A type string taken apart into its words, with the place of each: `[own|borrow|view|callback] TYPE
// [= DEFAULT]`. Whether the words mean anything is for types.hpp to say.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace tally::generator {

/// A part of a type string, and its offset there in bytes.
struct Word {
  std::string_view text;
  std::size_t offset = 0;
};

struct TypeText {
  std::vector<Word> words;           ///< what stands before the '='
  std::optional<Word> default_text;  ///< what stands behind it, without surrounding blanks; may be empty
  std::size_t equals_offset = 0;
};

/// The result refers to `text`.
TypeText parse_type_text(std::string_view text);

}  // namespace tally::generator
