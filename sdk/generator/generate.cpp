// The first three steps. Writing, which deals with the file system, is in write.cpp.
#include "generator/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "generator/load/schema.hpp"
#include "generator/lower/lower.hpp"

namespace tally::generator {
namespace {

Loaded check(std::optional<Document> document, Diagnostics diagnostics) {
  if (!document) return {std::nullopt, std::move(diagnostics), std::nullopt};
  const bool has_shape = validate_shape(*document, diagnostics);
  auto interface = lower(*document, diagnostics);
  if (!has_shape && diagnostics.empty())
    diagnostics.add(
        {{1, 1}, "", "differs from interface.schema.json, but Tallystick can't say where: please report it"});
  if (!diagnostics.empty()) interface.reset();
  return {std::move(interface), std::move(diagnostics), std::move(document)};
}

class ClashSearch {
 public:
  explicit ClashSearch(const Document& document, Diagnostics& diagnostics)
      : document_(document), diagnostics_(diagnostics) {}

  void search(const Backend& backend, const model::Interface& interface) {
    std::map<std::pair<std::string, std::string>, std::string> paths;
    for (const Symbol& symbol : backend.symbols(interface)) {
      const auto [first, is_new] = paths.try_emplace({symbol.scope, symbol.name}, symbol.path);
      if (!is_new) report(backend, symbol, first->second);
    }
  }

 private:
  Position position_of(std::string_view path) const { return document_.key_position(Path::of_names(path)); }

  void report(const Backend& backend, const Symbol& symbol, std::string_view other_path) {
    std::string_view first = other_path;
    std::string_view second = symbol.path;
    if (position_of(second) < position_of(first)) std::swap(first, second);
    if (!reported_.emplace(first, second).second) return;
    const std::string scope = symbol.scope.empty() ? "" : fmt::format(" in {}", symbol.scope);
    // What stands for the interface as a whole, nobody can rename.
    if (first == kOfInterface || second == kOfInterface) {
      const std::string_view author = first == kOfInterface ? second : first;
      diagnostics_.add(
          {position_of(author), std::string(author),
           fmt::format("would be called '{}'{} in {}, a name that generated code needs for itself: "
                       "rename it",
                       symbol.name, scope, backend.language)});
      return;
    }
    diagnostics_.add({position_of(second), std::string(second),
                      fmt::format("would be called '{}'{} in {}, as would {} on line {}: rename one of them",
                                  symbol.name, scope, backend.language, first, position_of(first).line)});
  }

  const Document& document_;
  Diagnostics& diagnostics_;
  std::set<std::pair<std::string, std::string>> reported_;
};

/// Whether a path names a file below the folder that it is relative to, and in one way only.
bool stays_inside(const std::string& path) {
  const std::filesystem::path parsed(path);
  return !path.empty() && parsed.is_relative() && parsed.has_filename() &&
         parsed.lexically_normal() == parsed && *parsed.begin() != "..";
}

void check_paths(const std::vector<Artefact>& artefacts) {
  std::set<std::string> seen;
  for (const Artefact& artefact : artefacts) {
    if (!stays_inside(artefact.path))
      throw std::logic_error("generate: '" + artefact.path + "' is no path below the output folder");
    if (!seen.insert(artefact.path).second)
      throw std::logic_error("generate: two artefacts are called '" + artefact.path + "'");
  }
}

}  // namespace

Loaded load(const std::string& file) {
  Diagnostics diagnostics(file);
  auto document = Document::read(file, diagnostics);
  return check(std::move(document), std::move(diagnostics));
}

Loaded load_text(const std::string& file, std::string text) {
  Diagnostics diagnostics(file);
  auto document = Document::parse(std::move(text), diagnostics);
  return check(std::move(document), std::move(diagnostics));
}

Diagnostics find_clashes(const Loaded& loaded, std::span<const Backend> among) {
  Diagnostics diagnostics(loaded.diagnostics.file());
  ClashSearch search(*loaded.document, diagnostics);
  for (const Backend& backend : among) search.search(backend, *loaded.interface);
  return diagnostics;
}

std::vector<std::string> languages(std::span<const Backend> among) {
  std::vector<std::string> result;
  for (const Backend& backend : among)
    if (std::ranges::find(result, backend.language) == result.end()) result.emplace_back(backend.language);
  return result;
}

std::vector<Artefact> generate(const model::Interface& interface, std::span<const std::string> languages,
                               std::span<const Backend> among) {
  std::vector<Artefact> result;
  for (const Backend& backend : among) {
    if (std::ranges::find(languages, backend.language) == languages.end()) continue;
    for (Artefact& artefact : backend.generate(interface)) result.push_back(std::move(artefact));
  }
  check_paths(result);
  return result;
}

}  // namespace tally::generator
