// A cursor over JSON text that steps from token to token. It only says where tokens begin and end: the JSON
// parser that runs beside it says whether they are right.
#pragma once

#include <cstddef>
#include <string_view>

namespace tally::generator {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  struct Token {
    std::size_t begin = 0;
    std::size_t end = 0;  ///< equal to begin at the end of the text
  };

  /// The next token: a string with its quotes, one of `{}[]:,`, or a run of other characters.
  Token next();

  /// The next token that is neither ',' nor ':'.
  Token next_value();

 private:
  void skip_blanks_and_comments();
  void skip_comment();
  std::size_t end_of_string(std::size_t begin) const;

  std::string_view text_;
  std::size_t cursor_ = 0;
};

}  // namespace tally::generator
