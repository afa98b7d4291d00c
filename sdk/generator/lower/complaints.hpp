// Reports mistakes about nodes of one document: at the key, at the value, or at a character within a text.
#pragma once

#include <string>
#include <utility>

#include "generator/load/node.hpp"

namespace tally::generator {

class Complaints {
 public:
  using Suggestion = std::optional<std::string>;

  Complaints(const Document& document, Diagnostics& diagnostics)
      : document_(document), diagnostics_(diagnostics) {}

  const Document& document() const { return document_; }
  const Diagnostics& diagnostics() const { return diagnostics_; }

  void at_key(const Node& node, std::string message, Suggestion suggestion = std::nullopt) {
    add(document_.key_position(node.path()), node, std::move(message), std::move(suggestion));
  }

  void at_value(const Node& node, std::string message, Suggestion suggestion = std::nullopt) {
    add(document_.value_position(node.path()), node, std::move(message), std::move(suggestion));
  }

  void within(const Node& node, std::size_t offset, std::string message,
              Suggestion suggestion = std::nullopt) {
    add(document_.position_within(node.path(), offset), node, std::move(message), std::move(suggestion));
  }

  std::size_t line_of(const Node& node) const { return document_.key_position(node.path()).line; }

 private:
  void add(Position position, const Node& node, std::string message, Suggestion suggestion) {
    diagnostics_.add({position, node.path().dotted(), std::move(message), std::move(suggestion)});
  }

  const Document& document_;
  Diagnostics& diagnostics_;
};

}  // namespace tally::generator
