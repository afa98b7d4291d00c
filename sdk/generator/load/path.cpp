// Both forms are built as the path grows, since every value's is asked for.
#include "generator/load/path.hpp"

#include <algorithm>

#include "generator/load/diagnostic.hpp"

namespace tally::generator {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         c == '-';
}

std::string readable(std::string_view key) {
  constexpr std::size_t kLongestPlain = 60;
  if (!key.empty() && key.size() < kLongestPlain && std::ranges::all_of(key, is_plain))
    return std::string(key);
  std::string result = in_quotes(key);
  result.front() = result.back() = '"';
  return result;
}

std::string escaped(std::string_view key) {
  std::string result;
  for (const char c : key) {
    if (c == '~')
      result += "~0";
    else if (c == '/')
      result += "~1";
    else
      result += c;
  }
  return result;
}

}  // namespace

Path Path::of_names(std::string_view dotted) {
  Path path;
  while (!dotted.empty()) {
    const std::size_t dot = std::min(dotted.find('.'), dotted.size());
    path = path.child(dotted.substr(0, dot));
    dotted.remove_prefix(std::min(dot + 1, dotted.size()));
  }
  return path;
}

Path Path::child(std::string_view key) const {
  Path path = *this;
  if (!path.dotted_.empty()) path.dotted_ += '.';
  path.dotted_ += readable(key);
  path.pointer_ += '/' + escaped(key);
  return path;
}

}  // namespace tally::generator
