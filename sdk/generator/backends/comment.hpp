// Comments in generated code: the description's words, and what each value means for who owns what.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/model/functions.hpp"

namespace tally::generator {

/// Paragraphs as "/* ... */", further lines indented by three, wrapped for a file of 110 columns.
std::string block_comment(const std::vector<std::string>& paragraphs);

/// The same behind "/// ".
std::string line_comment(const std::vector<std::string>& paragraphs, std::string_view marker = "/// ");

/// One paragraph for what a function does, then one for each parameter and the result that says what becomes
/// of it.
std::vector<std::string> contract(const model::Interface&, const model::Function&);

/// The same for what the host supplies and the module calls: a callback, or a method of a class that the host
/// implements. Addressed to the host.
std::vector<std::string> contract(const model::Interface&, const model::Callback&);
std::vector<std::string> host_contract(const model::Interface&, const model::Method&);

/// What a class's thread rule means for its callers.
std::string thread_rule(const model::Class&);

/// All that callers have to know of a class: its kind, its parent, its threads; one paragraph each.
std::vector<std::string> class_rules(const model::Interface&, const model::Class&);

/// A default value as the description has it: "6", "true", "fast", "\"utf-8\"".
std::string default_text(const model::Interface&, const model::Parameter&);

/// Text as a literal of C and C++: quoted, bytes outside ASCII and control characters escaped.
std::string string_literal(std::string_view text);

/// The same as adjacent literals, one to a line.
std::string string_literal_lines(std::string_view text);

/// A type as the description has it: "i32", "own bytes", "borrow encoder".
std::string type_text(const model::Interface&, const model::Type&, model::Passing);

}  // namespace tally::generator
