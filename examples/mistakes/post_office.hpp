// The author's side: plain classes. Two modules are made of them, post_north and post_south, so that a word
// of one can be brought to the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tally/own.hpp"

namespace post_office {

class Label {
 public:
  explicit Label(std::string_view text) : text_(text) {}
  std::string read() const { return text_; }

 private:
  std::string text_;
};

class Parcel {
 public:
  explicit Parcel(std::uint32_t grams) : grams_(grams) {}
  std::uint32_t weigh() const { return grams_; }
  void stick(tally::Own<Label> label) { label_ = std::move(label); }
  std::string address() const { return label_ ? (*label_)->read() : ""; }

 private:
  std::uint32_t grams_;
  std::optional<tally::Own<Label>> label_;
};

}  // namespace post_office
