// What is wrong with text that isn't JSON, in words for who wrote it: what stands there, what should, and the
// usual slips (a comma too many or too few, quotes, Python's True) by name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "generator/load/scanner.hpp"

namespace tally::generator {

/// What the grammar allows where reading stopped.
enum class Expected { document, value, first_value, first_key, colon, comma, nothing };

struct ReadingState {
  Scanner scanner;  ///< behind the last token that was understood
  Expected expected = Expected::document;
  char closing = '\0';        ///< of the innermost open object or array: '}' or ']'
  std::size_t opened_at = 0;  ///< where that one begins
};

struct SyntaxError {
  std::size_t offset = 0;
  std::string message;
  std::optional<std::string> suggestion = std::nullopt;
};

/// Why the text can't go on as it does, given that a parser refused it there.
SyntaxError explain_syntax_error(std::string_view text, ReadingState state);

/// Why a token is no string, number or literal; none if it is one.
std::optional<SyntaxError> explain_bad_token(std::string_view text, Scanner::Token token);

}  // namespace tally::generator
