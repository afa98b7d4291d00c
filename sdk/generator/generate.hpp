// The whole path from a description to files, in four steps: load, find clashes, generate, write. No step
// throws on anything that a description or a file system can do; each says what is wrong in text fit to be
// shown.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/backends/backend.hpp"
#include "generator/load/diagnostic.hpp"
#include "generator/load/document.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// A description, read. `interface` is there exactly if `diagnostics` is empty.
struct Loaded {
  std::optional<model::Interface> interface;
  Diagnostics diagnostics;
  std::optional<Document> document;  ///< for the positions of later mistakes; none if the file holds no JSON

  explicit operator bool() const { return interface.has_value(); }
};

/// Reads and checks the description in a file; `file` is also what messages call it.
Loaded load(const std::string& file);

/// The same for text that is at hand already.
Loaded load_text(const std::string& file, std::string text);

/// Mistakes that only a target can make: two parts of the description that some backend would give one name.
/// One message for each pair, at the part that stands second. `loaded` holds an interface.
Diagnostics find_clashes(const Loaded& loaded, std::span<const Backend> among = backends());

/// The languages of the backends, each once, in their order.
std::vector<std::string> languages(std::span<const Backend> among = backends());

/// What the backends of these languages make of the interface, in the order of the backends.
///
/// Throws std::logic_error if a backend is wrong: two artefacts of one path, or a path that leaves the output
/// folder.
std::vector<Artefact> generate(const model::Interface& interface, std::span<const std::string> languages,
                               std::span<const Backend> among = backends());

/// Writes the artefacts below a folder, which is made if need be. All of them or none: on failure every file
/// is as it was, and nothing is left behind. Files that hold the right text already are not touched.
///
/// Returns nothing, or what failed, on which file, why, and what to do.
std::optional<std::string> write(std::span<const Artefact> artefacts, const std::filesystem::path& folder);

}  // namespace tally::generator
