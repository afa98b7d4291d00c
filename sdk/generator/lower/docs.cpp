// Documentation is the text under "doc", and the text that an error or an enum's value may be in short. Texts
// elsewhere are names and type strings, which have rules of their own.
#include "generator/lower/docs.hpp"

#include <fmt/format.h>

#include <string>

namespace tally::generator {
namespace {

struct CodePoint {
  std::uint32_t value;
  std::size_t length;
};

// The text is UTF-8, or there would be no document.
CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length && at + i < text.size(); ++i)
    value = (value << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
  return {value, length};
}

bool is_control(std::uint32_t point) {
  return (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point < 0xA0);
}

// Embeddings, overrides and isolates, and what ends them.
bool turns_direction(std::uint32_t point) {
  return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

void check_doc(const Node& node, Complaints& complaints) {
  const std::string text = node.text().value_or("");
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (is_control(point.value)) {
      complaints.within(
          node, at,
          fmt::format("has the control character U+{:04X}: leave it out; documentation is text, "
                      "newlines and tabs",
                      point.value));
      return;
    }
    if (turns_direction(point.value)) {
      complaints.within(node, at,
                        fmt::format("has U+{:04X}, which turns the direction of text, so that code can look "
                                    "other than it is: leave it out",
                                    point.value));
      return;
    }
    at += point.length;
  }
}

void check_below(const Node& node, bool has_short_docs, Complaints& complaints) {
  for (const Node& member : node.members()) {
    if (member.is_text() && (has_short_docs || member.key() == "doc")) check_doc(member, complaints);
    check_below(member, member.key() == "errors" || member.key() == "values", complaints);
  }
}

}  // namespace

void check_docs(const Node& interface, Complaints& complaints) {
  check_below(interface, false, complaints);
}

}  // namespace tally::generator
