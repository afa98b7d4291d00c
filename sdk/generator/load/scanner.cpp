// What nlohmann's parser accepts as blank, comment and token, and nothing else.
#include "generator/load/scanner.hpp"

#include <algorithm>

namespace tally::generator {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kPunctuation = "{}[]:,";
constexpr std::string_view kEndOfWord = " \t\r\n{}[]:,\"/";

}  // namespace

Scanner::Token Scanner::next() {
  skip_blanks_and_comments();
  const std::size_t begin = cursor_;
  if (begin == text_.size()) return {begin, begin};
  if (kPunctuation.find(text_[begin]) != std::string_view::npos)
    cursor_ = begin + 1;
  else if (text_[begin] == '"')
    cursor_ = end_of_string(begin);
  else
    cursor_ = std::min(text_.find_first_of(kEndOfWord, begin + 1), text_.size());
  return {begin, cursor_};
}

Scanner::Token Scanner::next_value() {
  Token token = next();
  while (token.begin != token.end && (text_[token.begin] == ',' || text_[token.begin] == ':')) token = next();
  return token;
}

void Scanner::skip_blanks_and_comments() {
  for (;;) {
    cursor_ = std::min(text_.find_first_not_of(kBlanks, cursor_), text_.size());
    const std::string_view start = text_.substr(cursor_, 2);
    if (start != "//" && start != "/*") return;
    const std::size_t before = cursor_;
    skip_comment();
    if (cursor_ == before) return;
  }
}

/// An open block comment is left where it is: it is the token that an error is about.
void Scanner::skip_comment() {
  if (text_[cursor_ + 1] == '/') {
    cursor_ = std::min(text_.find_first_of("\r\n", cursor_), text_.size());
    return;
  }
  const std::size_t end = text_.find("*/", cursor_ + 2);
  if (end != std::string_view::npos) cursor_ = end + 2;
}

std::size_t Scanner::end_of_string(std::size_t begin) const {
  for (std::size_t i = begin + 1; i < text_.size(); ++i) {
    if (text_[i] == '\\')
      ++i;
    else if (text_[i] == '"')
      return i + 1;
  }
  return text_.size();
}

}  // namespace tally::generator
