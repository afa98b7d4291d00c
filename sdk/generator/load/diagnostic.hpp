// Mistakes in a description: where, what, and what was probably meant. A collector gathers all of one run, so
// that nobody has to mend a file one message at a time, and prints them in the order of the file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tally::generator {

/// A place in a file, counted from 1; columns count code points, a tab as one. {0, 0} means the file as a
/// whole.
struct Position {
  std::size_t line = 0;
  std::size_t column = 0;
  auto operator<=>(const Position&) const = default;
};

struct Diagnostic {
  Position position;
  std::string path;  ///< such as "classes.encoder.methods.write.in.chunk"; empty for the whole document
  std::string message;
  std::optional<std::string> suggestion = std::nullopt;
  bool operator==(const Diagnostic&) const = default;
};

class Diagnostics {
 public:
  explicit Diagnostics(std::string file = {}) : file_(std::move(file)) {}

  void add(Diagnostic diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }
  void add(const Diagnostics& others);

  bool empty() const { return diagnostics_.empty(); }
  const std::string& file() const { return file_; }

  /// Every mistake once, by position; those at one position in the order in which they were found.
  std::vector<Diagnostic> sorted() const;

  /// `file:line:column: path: what is wrong (did you mean 'x'?)`, one line each.
  std::string text() const;

 private:
  std::string file_;
  std::vector<Diagnostic> diagnostics_;
};

/// One line of Diagnostics::text(), without its newline. Without a position: `file: what is wrong`.
std::string format(std::string_view file, const Diagnostic& diagnostic);

/// Text from a file, fit to stand in a message: in single quotes, control characters escaped, cut if it is
/// long.
std::string in_quotes(std::string_view text);

}  // namespace tally::generator
