// A value of a document together with the way to it, read leniently: what isn't there, or isn't of the kind
// asked for, reads as nothing. The schema has already said so.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/load/document.hpp"

namespace tally::generator {

class Node {
 public:
  explicit Node(const Document& document) : value_(&document.root()) {}

  const Path& path() const { return path_; }
  const std::string& key() const { return key_; }
  bool exists() const { return value_ != nullptr; }
  bool is_object() const { return exists() && value_->is_object(); }
  bool is_text() const { return exists() && value_->is_string(); }
  const Json* json() const { return value_; }

  Node operator[](std::string_view key) const {
    Node child(path_.child(key), std::string(key));
    if (is_object())
      if (const auto found = value_->find(child.key_); found != value_->end()) child.value_ = &*found;
    return child;
  }

  /// An object's members, in the order of the file.
  std::vector<Node> members() const {
    std::vector<Node> result;
    if (is_object())
      for (const auto& item : value_->items()) result.push_back((*this)[item.key()]);
    return result;
  }

  std::optional<std::string> text() const {
    if (!is_text()) return std::nullopt;
    return value_->get<std::string>();
  }

  std::optional<bool> flag() const {
    if (!exists() || !value_->is_boolean()) return std::nullopt;
    return value_->get<bool>();
  }

 private:
  Node(Path path, std::string key) : path_(std::move(path)), key_(std::move(key)) {}

  const Json* value_ = nullptr;
  Path path_;
  std::string key_;
};

}  // namespace tally::generator
