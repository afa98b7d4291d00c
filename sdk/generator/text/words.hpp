// Words: the cases that targets write names in, lists, text broken into lines, and what a misspelt word was
// meant to be. All of it is independent of locale.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tally::generator {

/// "corrupt_input" -> "CorruptInput". Digits stay where they are: "sha_256" -> "Sha256".
std::string pascal_case(std::string_view snake_case);

/// "corrupt_input" -> "CORRUPT_INPUT".
std::string upper_case(std::string_view snake_case);

/// "CorruptInput", "corrupt-input", "corrupt input" -> "corrupt_input"; empty if no name can be made of it.
std::string snake_case(std::string_view name);

std::string join(std::span<const std::string> parts, std::string_view separator);

/// "a", "a or b", "a, b or c".
std::string join_with_or(std::span<const std::string> parts);

/// Text as lines of at most `width` code points. A longer word stays whole on a line of its own. Paragraphs,
/// which empty lines separate, stay apart by one empty line; within them, line ends count as blanks. No text,
/// no lines.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// How many insertions, deletions, replacements and swaps of neighbours make one word of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that `word` was most likely meant to be, if one is near enough: at most a third of its
/// letters away, one letter at least. Of equally near ones, the one that begins
/// most like it, then the first.
std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates);

}  // namespace tally::generator
