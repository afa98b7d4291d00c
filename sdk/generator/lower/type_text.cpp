// A type has no '=' of its own, so the first one begins the default.
#include "generator/lower/type_text.hpp"

#include <algorithm>

namespace tally::generator {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::vector<Word> split_words(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t begin = text.find_first_not_of(kBlanks); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
    words.push_back({text.substr(begin, end - begin), begin});
    begin = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

Word trimmed(std::string_view text, std::size_t offset) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const std::size_t end = text.find_last_not_of(kBlanks) + 1;
  return {text.substr(begin, std::max(begin, end) - begin), offset + begin};
}

}  // namespace

TypeText parse_type_text(std::string_view text) {
  TypeText result;
  const std::size_t equals = text.find('=');
  result.words = split_words(text.substr(0, equals));
  if (equals == std::string_view::npos) return result;
  result.equals_offset = equals;
  result.default_text = trimmed(text.substr(equals + 1), equals + 1);
  return result;
}

}  // namespace tally::generator
