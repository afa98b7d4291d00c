// A JSON document that knows where each of its keys and values stands.
//
// Comments (`//`, `/* */`) and a byte order mark are allowed; keys keep their order; a key that stands twice
// in one object is a mistake, and the first one counts. Reading never throws on anything that a file can
// hold.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "generator/load/diagnostic.hpp"
#include "generator/load/path.hpp"

namespace tally::generator {

using Json = nlohmann::ordered_json;

class Document {
 public:
  /// The document in a file, or in `text`. None, with the reason in `diagnostics`, if there is no JSON
  /// document; duplicate keys are mistakes, but don't keep the rest from being read.
  static std::optional<Document> read(const std::string& file, Diagnostics& diagnostics);
  static std::optional<Document> parse(std::string text, Diagnostics& diagnostics);

  const Json& root() const { return root_; }

  /// Where the value, or the key it stands under, begins; for what isn't there, its nearest ancestor.
  Position value_position(const Path& path) const;
  Position key_position(const Path& path) const;

  /// Where a character within a text value stands, given its offset in bytes in the text that the JSON string
  /// means.
  Position position_within(const Path& path, std::size_t offset) const;

  /// The keys within values that were dropped as duplicates: references to these are not to be complained of.
  const std::set<std::string>& dropped_keys() const { return dropped_keys_; }

 private:
  friend class DocumentBuilder;

  /// Offsets in bytes into text_.
  struct Place {
    std::size_t key = 0;
    std::size_t value = 0;
  };

  const Place& place_of(const Path& path) const;
  Position position_of(std::size_t offset) const;

  std::string text_;
  std::vector<std::size_t> line_starts_;
  Json root_;
  std::map<std::string, Place> places_;  ///< by JSON pointer
  std::set<std::string> dropped_keys_;
};

}  // namespace tally::generator
