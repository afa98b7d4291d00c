// The block writer: target text stands in a raw string as it will look in the file, with holes for what
// varies.
//
//     fill(R"(
//     struct ${name} {
//       ${members}
//     };
//     )", {{"name", "codec_mode"}, {"members", "int fast;\nint small;"}});
//
// It promises that no hole is left, no value is lost and no misspelt name passes: each of these throws.
// Indentation follows from where the hole stands, so a value needs to know nothing of its surroundings.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace tally::generator {

/// What goes into one hole.
struct Hole {
  std::string_view name;
  std::string value;
};

/// The block with every `${name}` replaced by that name's value.
///
/// - A newline that opens the block is dropped, so that a block can start on a line of its own.
/// - A hole alone on its line: each line of the value is indented to the hole's column; a newline that ends
/// the value
///   is not doubled; if the value is empty, the whole line vanishes.
/// - A hole within a line: further lines of the value get the indentation of the line that the hole stands
/// in.
/// - Empty lines are never indented. Values are not searched for holes. `$${` stands for a literal `${`.
///
/// Throws std::logic_error, with the name and the block's first line, if a hole has no value, a value no
/// hole, a name two values, or a hole no end.
std::string fill(std::string_view block, std::span<const Hole> holes);
std::string fill(std::string_view block, std::initializer_list<Hole> holes);

}  // namespace tally::generator
