// See comment.hpp. The contracts are in contract.cpp.
#include "generator/backends/comment.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "generator/text/words.hpp"

namespace tally::generator {

using namespace model;

namespace {

constexpr std::size_t kWidth = 104;

// "*/" would end the comment that it stands in.
std::string harmless(std::string text) {
  for (std::size_t at = 0; (at = text.find("*/", at)) != std::string::npos;) text.replace(at, 2, "* /");
  for (std::size_t at = 0; (at = text.find("/*", at)) != std::string::npos;) text.replace(at, 2, "/ *");
  return text;
}

// Two question marks and a slash are a backslash before C23, and one at the end of a line splices the next
// one to it.
std::string without_trigraph_at_end(std::string line) {
  if (line.ends_with("?\?/")) line += '.';
  return line;
}

}  // namespace

std::string block_comment(const std::vector<std::string>& paragraphs) {
  std::string lines;
  for (const std::string& paragraph : paragraphs) {
    for (const std::string& each : wrap(harmless(paragraph), kWidth)) {
      const std::string line = without_trigraph_at_end(each);
      lines += lines.empty() ? line : line.empty() ? "\n" : "\n   " + line;
    }
  }
  return lines.empty() ? "" : "/* " + lines + " */";
}

std::string line_comment(const std::vector<std::string>& paragraphs, std::string_view marker) {
  std::vector<std::string> lines;
  for (const std::string& paragraph : paragraphs) {
    for (const std::string& line : wrap(paragraph, kWidth)) {
      const std::string whole = std::string(marker) + line;
      lines.push_back(without_trigraph_at_end(whole.substr(0, whole.find_last_not_of(' ') + 1)));
      // A backslash at the end would draw the next line into the comment.
      if (lines.back().ends_with('\\')) lines.back() += '.';
    }
  }
  return join(lines, "\n");
}

std::string default_text(const Interface& interface, const Parameter& parameter) {
  struct Visitor {
    const Interface& interface;
    const Parameter& parameter;
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(std::uint64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(const std::string& value) const { return nlohmann::json(value).dump(); }
    std::string operator()(EnumDefault value) const {
      return interface.enums[std::get<EnumType>(parameter.type).index].values[value.value].name;
    }
  };
  return std::visit(Visitor{interface, parameter}, *parameter.default_value);
}

std::string string_literal(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      literal += {'\\', c};
    } else if (c == '\n') {
      literal += "\\n";
    } else if (byte < 0x20 || byte >= 0x7F || c == '?') {  // '?' could begin a trigraph
      literal += fmt::format("\\{:03o}", byte);
    } else {
      literal += c;
    }
  }
  return literal + "\"";
}

std::string string_literal_lines(std::string_view text) {
  std::vector<std::string> lines = wrap(text, kWidth - 20);
  for (std::size_t i = 0; i < lines.size(); ++i)
    lines[i] = string_literal(lines[i] + (i + 1 < lines.size() ? " " : ""));
  return join(lines, "\n");
}

std::string type_text(const Interface& interface, const Type& type, Passing passing) {
  static constexpr std::array kScalars = {"bool", "i8",  "i16", "i32", "i64", "u8",
                                          "u16",  "u32", "u64", "f32", "f64"};
  struct Visitor {
    const Interface& interface;
    std::string operator()(Scalar scalar) const { return kScalars[static_cast<std::size_t>(scalar)]; }
    std::string operator()(EnumType of) const { return interface.enums[of.index].name; }
    std::string operator()(Text) const { return "string"; }
    std::string operator()(Bytes) const { return "bytes"; }
    std::string operator()(ClassType of) const { return interface.classes[of.index].name; }
    std::string operator()(CallbackType of) const { return "callback " + interface.callbacks[of.index].name; }
  };
  const std::string name = std::visit(Visitor{interface}, type);
  const bool is_memory = std::holds_alternative<Text>(type) || std::holds_alternative<Bytes>(type);
  if (std::holds_alternative<CallbackType>(type)) return name;
  if (passing == Passing::own) return "own " + name;
  if (passing == Passing::view) return "view " + name;
  return passing == Passing::borrow && !is_memory ? "borrow " + name : name;
}

}  // namespace tally::generator
