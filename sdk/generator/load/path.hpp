// The way from a document's root to one of its values: as a key to look positions up by, and as people read
// it.
#pragma once

#include <string>
#include <string_view>

namespace tally::generator {

class Path {
 public:
  Path() = default;

  /// "classes.encoder", whose names hold no dots, so that every dot parts two keys.
  static Path of_names(std::string_view dotted);

  Path child(std::string_view key) const;

  /// "classes.encoder"; a key that would be mistaken for several stands in quotes: `classes."a.b"`. Root: "".
  const std::string& dotted() const { return dotted_; }

  /// "/classes/encoder", as RFC 6901 has it. Root: "".
  const std::string& pointer() const { return pointer_; }

 private:
  std::string dotted_;
  std::string pointer_;
};

}  // namespace tally::generator
