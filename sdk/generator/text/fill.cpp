// The block writer works line by line, because a hole's indentation is that of its line.
#include "generator/text/fill.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace tally::generator {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kOpen = "${";
constexpr std::string_view kEscapedOpen = "$${";

std::string_view without_first_newline(std::string_view block) {
  if (block.starts_with('\n')) block.remove_prefix(1);
  return block;
}

std::string_view indentation_of(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(kBlanks), line.size()));
}

std::string_view trimmed(std::string_view line) {
  line.remove_prefix(indentation_of(line).size());
  return line.substr(0, line.find_last_not_of(kBlanks) + 1);
}

bool is_hole_name(std::string_view name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

class Filling {
 public:
  Filling(std::string_view block, std::span<const Hole> holes)
      : block_(without_first_newline(block)), holes_(holes), used_(holes.size(), false) {
    for (auto hole = holes.begin(); hole != holes.end(); ++hole)
      if (std::any_of(holes.begin(), hole, [&](const Hole& other) { return other.name == hole->name; }))
        fail("'" + std::string(hole->name) + "' is given two values");
  }

  std::string text() {
    for (std::string_view rest = block_; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      const bool has_newline = end != std::string_view::npos;
      fill_line(rest.substr(0, end), has_newline);
      rest.remove_prefix(has_newline ? end + 1 : rest.size());
    }
    for (std::size_t i = 0; i < holes_.size(); ++i)
      if (!used_[i]) fail("the value '" + std::string(holes_[i].name) + "' has no hole");
    return std::move(text_);
  }

 private:
  void fill_line(std::string_view line, bool has_newline) {
    const std::string_view indentation = indentation_of(line);
    const std::string_view content = trimmed(line);
    if (content.starts_with(kOpen) && content.find('}') == content.size() - 1) {
      if (!put_lines(value_of(name_in(content)), indentation)) return;
    } else {
      put_mixed(line, indentation);
    }
    if (has_newline) text_ += '\n';
  }

  /// The value of a hole that is alone on its line; false if there is nothing to put.
  bool put_lines(std::string_view value, std::string_view indentation) {
    if (value.empty()) return false;
    if (value.ends_with('\n')) value.remove_suffix(1);
    if (!value.starts_with('\n') && !value.empty()) text_ += indentation;
    put_indented(value, indentation, true);
    return true;
  }

  void put_mixed(std::string_view line, std::string_view indentation) {
    while (!line.empty()) {
      const std::size_t open = line.find(kOpen);
      if (open == std::string_view::npos) break;
      if (open > 0 && line[open - 1] == '$') {
        text_ += line.substr(0, open - 1);
        text_ += kOpen;
        line.remove_prefix(open + kOpen.size());
        continue;
      }
      text_ += line.substr(0, open);
      line.remove_prefix(open);
      const std::string_view name = name_in(line);
      line.remove_prefix(kOpen.size() + name.size() + 1);
      put_indented(value_of(name), indentation, line.empty());
    }
    text_ += line;
  }

  /// Text with its second and further lines indented, except empty ones; the last is one if it `ends_line`.
  void put_indented(std::string_view value, std::string_view indentation, bool ends_line) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      text_ += value[i];
      const bool next_is_empty = i + 1 < value.size() ? value[i + 1] == '\n' : ends_line;
      if (value[i] == '\n' && !next_is_empty) text_ += indentation;
    }
  }

  /// The name in the hole that `text` starts with.
  std::string_view name_in(std::string_view text) const {
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) fail("the hole '" + std::string(text) + "' has no closing '}'");
    const std::string_view name = text.substr(kOpen.size(), close - kOpen.size());
    if (!is_hole_name(name))
      fail("'" + std::string(text.substr(0, close + 1)) + "' is not a hole: write '" +
           std::string(kEscapedOpen) + "' for a literal '${'");
    return name;
  }

  std::string_view value_of(std::string_view name) {
    const auto hole = std::ranges::find(holes_, name, &Hole::name);
    if (hole == holes_.end()) fail("the hole '${" + std::string(name) + "}' has no value");
    used_[static_cast<std::size_t>(hole - holes_.begin())] = true;
    return hole->value;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw std::logic_error("fill: " + what + ", in the block that starts with '" +
                           std::string(block_.substr(0, block_.find('\n'))) + "'");
  }

  std::string_view block_;
  std::span<const Hole> holes_;
  std::vector<bool> used_;
  std::string text_;
};

}  // namespace

std::string fill(std::string_view block, std::span<const Hole> holes) {
  return Filling(block, holes).text();
}

std::string fill(std::string_view block, std::initializer_list<Hole> holes) {
  return fill(block, std::span<const Hole>(holes.begin(), holes.size()));
}

}  // namespace tally::generator
