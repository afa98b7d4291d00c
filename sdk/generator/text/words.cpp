// Case changes are ASCII only, because names are; lines are measured in code points, because documentation is
// UTF-8.
#include "generator/text/words.hpp"

#include <algorithm>
#include <utility>

namespace tally::generator {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char to_upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}
char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

/// UTF-8 continuation bytes have no width of their own.
std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

std::size_t common_beginning(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

void append_word(std::vector<std::string>& lines, bool starts_paragraph, std::string_view word,
                 std::size_t width) {
  if (starts_paragraph && !lines.empty()) lines.emplace_back();
  if (starts_paragraph || code_points(lines.back()) + 1 + code_points(word) > width)
    lines.emplace_back(word);
  else
    lines.back().append(" ").append(word);
}

}  // namespace

std::string pascal_case(std::string_view snake_case) {
  std::string result;
  bool starts_word = true;
  for (const char c : snake_case) {
    if (c != '_') result += starts_word ? to_upper(c) : c;
    starts_word = c == '_';
  }
  return result;
}

std::string upper_case(std::string_view snake_case) {
  std::string result(snake_case);
  std::ranges::transform(result, result.begin(), to_upper);
  return result;
}

std::string snake_case(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (static_cast<unsigned char>(c) >= 0x80) return {};
    const bool is_word = is_upper(c) || is_lower(c) || is_digit(c);
    const bool next_is_lower = i + 1 < name.size() && is_lower(name[i + 1]);
    const bool starts_word = is_upper(c) && i > 0 && (!is_upper(name[i - 1]) || next_is_lower);
    if ((!is_word || starts_word) && !result.empty() && result.back() != '_') result += '_';
    if (is_word) result += to_lower(c);
  }
  while (result.ends_with('_')) result.pop_back();
  return !result.empty() && is_lower(result.front()) ? result : std::string();
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string result;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) result += separator;
    result += part;
  }
  return result;
}

std::string join_with_or(std::span<const std::string> parts) {
  if (parts.size() < 2) return join(parts, "");
  return join(parts.first(parts.size() - 1), ", ") + " or " + parts.back();
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  bool starts_paragraph = true;
  while (!text.empty()) {
    std::string_view line = next_line(text);
    bool is_empty = true;
    for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
      append_word(lines, starts_paragraph, word, width);
      starts_paragraph = false;
      is_empty = false;
    }
    if (is_empty) starts_paragraph = true;
  }
  return lines;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the usual table: a swap of neighbours looks two rows back.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates) {
  // A word of which every letter is replaced was never meant; nor is a very long one worth the time.
  constexpr std::size_t kLongest = 200;
  if (word.size() < 2 || word.size() > kLongest) return std::nullopt;
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  const std::string* best = nullptr;
  std::pair<std::size_t, std::size_t> best_rank;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > word.size() + limit || word.size() > candidate.size() + limit) continue;
    const std::size_t distance = edit_distance(word, candidate);
    const std::pair rank(distance, word.size() - common_beginning(word, candidate));
    if (distance > limit || (best != nullptr && rank >= best_rank)) continue;
    best = &candidate;
    best_rank = rank;
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

}  // namespace tally::generator
