// Messages go to terminals and editors: one line each, no control characters, whatever the file held.
#include "generator/load/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tally::generator {

void Diagnostics::add(const Diagnostics& others) {
  diagnostics_.insert(diagnostics_.end(), others.diagnostics_.begin(), others.diagnostics_.end());
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result;
  for (const Diagnostic& diagnostic : diagnostics_)
    if (std::ranges::find(result, diagnostic) == result.end()) result.push_back(diagnostic);
  std::ranges::stable_sort(result, {}, &Diagnostic::position);
  return result;
}

std::string Diagnostics::text() const {
  std::string result;
  for (const Diagnostic& diagnostic : sorted()) result += format(file_, diagnostic) + '\n';
  return result;
}

std::string format(std::string_view file, const Diagnostic& diagnostic) {
  std::string result(file);
  if (diagnostic.position != Position{})
    result += fmt::format(":{}:{}", diagnostic.position.line, diagnostic.position.column);
  result += ": ";
  if (!diagnostic.path.empty()) result += diagnostic.path + ": ";
  result += diagnostic.message;
  if (diagnostic.suggestion) result += fmt::format(" (did you mean '{}'?)", *diagnostic.suggestion);
  return result;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string result = "'";
  for (const char c : text) {
    // Cut before a code point, never within one.
    const bool starts_code_point = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (result.size() > kLongest && starts_code_point) return result + "...'";
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F)
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result + "'";
}

}  // namespace tally::generator
