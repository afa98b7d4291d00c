// See layout.hpp.
#include "generator/backends/layout.hpp"

#include <algorithm>

#include "generator/text/words.hpp"

namespace tally::generator {

std::string list(std::string_view opening, const std::vector<std::string>& items, std::string_view closing,
                 std::size_t indent) {
  const std::string whole = std::string(opening) + join(items, ", ") + std::string(closing);
  const std::size_t first_line = std::min(whole.find('\n'), whole.size());
  if (indent + first_line <= kLineWidth) return whole;
  std::string text(opening);
  std::string line;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 == items.size() ? std::string(closing) : ",");
    const std::size_t width = std::min(item.find('\n'), item.size());
    if (!line.empty() && indent + line.size() + 1 + width <= kLineWidth) {
      line += " " + item;
      continue;
    }
    text += line + "\n";
    line = "    " + item;
  }
  return text + line;
}

}  // namespace tally::generator
