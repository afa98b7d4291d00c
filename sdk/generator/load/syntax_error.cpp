// The parser has said that the text is wrong; here the token in question is looked at once more, without
// haste.
#include "generator/load/syntax_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "generator/load/diagnostic.hpp"
#include "generator/text/words.hpp"

namespace tally::generator {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

std::string_view text_of(std::string_view text, Scanner::Token token) {
  return text.substr(token.begin, token.end - token.begin);
}

std::size_t line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

std::size_t skip_digits(std::string_view word, std::size_t from) {
  return std::min(word.find_first_not_of(kDigits, from), word.size());
}

/// RFC 8259: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
bool is_number(std::string_view word) {
  if (word.starts_with('-')) word.remove_prefix(1);
  std::size_t end = skip_digits(word, 0);
  if (end == 0 || (end > 1 && word[0] == '0')) return false;
  if (end < word.size() && word[end] == '.') {
    const std::size_t fraction = end + 1;
    end = skip_digits(word, fraction);
    if (end == fraction) return false;
  }
  if (end < word.size() && (word[end] == 'e' || word[end] == 'E')) {
    ++end;
    if (end < word.size() && (word[end] == '+' || word[end] == '-')) ++end;
    const std::size_t exponent = end;
    end = skip_digits(word, exponent);
    if (end == exponent) return false;
  }
  return end == word.size();
}

bool is_literal(std::string_view word) {
  return word == "true" || word == "false" || word == "null";
}

std::string found(std::string_view word) {
  if (word.empty()) return "the end of the file";
  if (word.starts_with('"')) return "the string " + in_quotes(word.substr(1, word.size() - 2));
  return in_quotes(word);
}

std::optional<SyntaxError> explain_bad_word(std::string_view word, std::size_t offset) {
  if (is_literal(word) || is_number(word)) return std::nullopt;
  if (word.starts_with("/*")) return SyntaxError{offset, "the comment is not closed: '*/' is missing"};
  if (word.starts_with('#')) return SyntaxError{offset, "'#' starts no comment here", "//"};
  if (word.starts_with('\''))
    return SyntaxError{offset, "strings stand in double quotes, not in single ones"};
  if (kDigits.find(word.front()) != std::string_view::npos || word.find_first_of("+-.") == 0)
    return SyntaxError{offset, in_quotes(word) + " is not a JSON number"};
  const std::array<std::string, 3> literals = {"true", "false", "null"};
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto exact = std::ranges::find(literals, lower == "none" ? "null" : lower);
  return SyntaxError{offset, in_quotes(word) + " is not a JSON value: strings stand in double quotes",
                     exact != literals.end() ? *exact : closest(lower, literals)};
}

/// The four hex digits of an escape that begins with `\u`; none if they aren't there.
std::optional<unsigned> code_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  const std::string digits(text.substr(2, 4));
  if (digits.find_first_not_of(kHexDigits) != std::string::npos) return std::nullopt;
  return static_cast<unsigned>(std::stoul(digits, nullptr, 16));
}

/// What is wrong with the escape that `text` starts with; empty if nothing is.
std::string explain_escape(std::string_view text) {
  constexpr std::string_view kEscapes = "\"\\/bfnrtu";
  const std::string_view escape = text.substr(0, 2);
  if (escape.size() < 2 || kEscapes.find(escape[1]) == std::string_view::npos)
    return fmt::format("{} is not an escape of JSON: a backslash itself is written '\\\\'",
                       in_quotes(escape));
  if (escape[1] != 'u') return {};
  const std::optional<unsigned> unit = code_unit(text);
  if (!unit) return "'\\u' needs four hexadecimal digits after it";
  const bool is_high = *unit >= 0xD800 && *unit <= 0xDBFF;
  const bool is_low = *unit >= 0xDC00 && *unit <= 0xDFFF;
  const unsigned next = is_high ? code_unit(text.substr(6)).value_or(0) : 0;
  if (is_low || (is_high && (next < 0xDC00 || next > 0xDFFF)))
    return fmt::format("'\\u{:04x}' is half of a surrogate pair: the other half is missing", *unit);
  return {};
}

/// How far the escape that `text` starts with reaches. A surrogate pair is one escape.
std::size_t length_of_escape(std::string_view text) {
  if (!text.starts_with("\\u")) return 2;
  const unsigned unit = code_unit(text).value_or(0);
  return unit >= 0xD800 && unit <= 0xDBFF ? 12 : 6;
}

std::optional<SyntaxError> explain_bad_string(std::string_view text, Scanner::Token token) {
  for (std::size_t i = token.begin + 1; i < token.end;) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n' || c == '\r')
      return SyntaxError{token.begin,
                         "the string is not closed on its line: '\"' is missing, or '\\n' for a line end"};
    if (c < 0x20)
      return SyntaxError{i,
                         fmt::format("a control character stands in a string: write it as '\\u{:04x}'", c)};
    if (c == '"') return std::nullopt;
    if (c != '\\') {
      ++i;
      continue;
    }
    if (std::string why = explain_escape(text.substr(i, token.end - i)); !why.empty())
      return SyntaxError{i, why};
    i += length_of_escape(text.substr(i));
  }
  return SyntaxError{token.begin, "the string is not closed: '\"' is missing"};
}

SyntaxError explain_end(std::string_view text, const ReadingState& state, std::size_t offset) {
  if (state.expected == Expected::document)
    return {offset, "the file is empty: an interface is an object, '{ ... }'"};
  return {offset, fmt::format("the file ends before the '{}' of line {} is closed: '{}' is missing",
                              text[state.opened_at], line_of(text, state.opened_at), state.closing)};
}

/// A token that is no value, or one that the parser could not hold.
SyntaxError explain_bad_value(std::string_view word, std::size_t offset) {
  if (is_number(word)) return {offset, "the number " + in_quotes(word) + " is too large"};
  return {offset, "a value is expected, not " + found(word)};
}

/// The token after a comma, or after the '{' of an object, where a key should stand.
SyntaxError explain_bad_key(std::string_view word, std::size_t offset) {
  if (word == ",") return {offset, "a key is expected, not another ','"};
  if (word.starts_with('\'')) return {offset, "keys stand in double quotes, not in single ones"};
  return {offset, "a key in double quotes is expected, not " + found(word)};
}

SyntaxError explain_missing_comma(const ReadingState& state, std::string_view word, std::size_t offset) {
  constexpr std::string_view kNoValues = "}]:,";
  if (kNoValues.find(word.front()) != std::string_view::npos)
    return {offset, fmt::format("',' or '{}' is expected, not {}", state.closing, found(word))};
  return {offset, "',' is missing before " + found(word)};
}

/// The token behind the one that was expected, and found.
SyntaxError explain_after_separator(std::string_view text, ReadingState& state, Scanner::Token separator) {
  const Scanner::Token token = state.scanner.next();
  const std::string_view word = text_of(text, token);
  if (word.empty()) return explain_end(text, state, token.begin);
  const bool after_comma = text[separator.begin] == ',';
  if (after_comma && word.front() == state.closing)
    return {separator.begin, fmt::format("the ',' before '{}' is one too many", state.closing)};
  const bool wants_key = after_comma && state.closing == '}';
  if (const auto bad = explain_bad_token(text, token); bad && (!wants_key || word.starts_with('"')))
    return *bad;
  if (wants_key) return explain_bad_key(word, token.begin);
  return explain_bad_value(word, token.begin);
}

}  // namespace

std::optional<SyntaxError> explain_bad_token(std::string_view text, Scanner::Token token) {
  constexpr std::string_view kPunctuation = "{}[]:,";
  const std::string_view word = text_of(text, token);
  if (word.empty() || kPunctuation.find(word.front()) != std::string_view::npos) return std::nullopt;
  return word.front() == '"' ? explain_bad_string(text, token) : explain_bad_word(word, token.begin);
}

SyntaxError explain_syntax_error(std::string_view text, ReadingState state) {
  const Scanner::Token token = state.scanner.next();
  const std::string_view word = text_of(text, token);
  if (word.starts_with("/*") || word.starts_with('#')) return *explain_bad_word(word, token.begin);
  if (word.empty()) return explain_end(text, state, token.begin);
  switch (state.expected) {
    case Expected::colon:
      if (word == ":") return explain_after_separator(text, state, token);
      return {token.begin, "':' is missing after the key, before " + found(word)};
    case Expected::comma:
      if (word == ",") return explain_after_separator(text, state, token);
      return explain_missing_comma(state, word, token.begin);
    case Expected::first_key:
      if (const auto bad = explain_bad_token(text, token); bad && word.starts_with('"')) return *bad;
      return explain_bad_key(word, token.begin);
    case Expected::nothing:
      return {token.begin, "nothing can follow the end of the document, but " + found(word) + " does"};
    case Expected::document:
    case Expected::value:
    case Expected::first_value:
      break;
  }
  if (auto bad = explain_bad_token(text, token)) return *bad;
  return explain_bad_value(word, token.begin);
}

}  // namespace tally::generator
