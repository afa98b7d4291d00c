// The author's side of everything.json: the least that does what the descriptions say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "everything_types.hpp"
#include "tally/bytes.hpp"
#include "tally/own.hpp"

namespace everything_author {

class Numbers {
 public:
  Numbers(double start, bool yes, bool no, std::int8_t tiny, std::int16_t small, std::int32_t medium,
          std::int64_t large, std::uint8_t tiny_unsigned, std::uint16_t small_unsigned,
          std::uint32_t medium_unsigned, std::uint64_t large_unsigned, float single, double double_precision,
          everything::Mode favour, std::string_view name)
      : sum_(start + (yes ? 1 : 0) + (no ? 1 : 0) + tiny + small + medium + static_cast<double>(large) +
             tiny_unsigned + small_unsigned + medium_unsigned + static_cast<double>(large_unsigned) +
             static_cast<double>(single) + double_precision + static_cast<int>(favour) +
             static_cast<double>(name.size())) {}

  bool is_opposite(bool value) const { return !value; }
  std::int8_t next_i8(std::int8_t value) const { return static_cast<std::int8_t>(value + 1); }
  std::int16_t next_i16(std::int16_t value) const { return static_cast<std::int16_t>(value + 1); }
  std::int32_t next_i32(std::int32_t value) const { return value + 1; }
  std::int64_t next_i64(std::int64_t value) const noexcept { return value + 1; }
  std::uint8_t next_u8(std::uint8_t value) const { return static_cast<std::uint8_t>(value + 1); }
  std::uint16_t next_u16(std::uint16_t value) const { return static_cast<std::uint16_t>(value + 1); }
  std::uint32_t next_u32(std::uint32_t value) const { return value + 1; }
  std::uint64_t next_u64(std::uint64_t value) const { return value + 1; }
  float half_f32(float value) const { return value / 2; }
  double half_f64(double value) const { return value / 2; }

  everything::Mode next_mode(everything::Mode value) const {
    return value == everything::Mode::fast ? everything::Mode::small : everything::Mode::both;
  }
  everything::Temperature warmer(everything::Temperature value) const {
    using everything::Temperature;
    if (value == Temperature::coldest) return Temperature::freezing;
    return value == Temperature::freezing ? Temperature::thawing : Temperature::hottest;
  }

  double sum() const { return sum_; }
  void nothing() const {}

  void fail(std::uint32_t which) const {
    switch (which) {
      case 0:
        throw everything::NotReady();
      case 1:
        throw everything::TooLarge();
      case 2:
        throw everything::Unexplained();
      case 3:
        throw everything::WornOut("used " + std::to_string(which) + " times");
      default:
        throw everything::TooSmall();
    }
  }

 private:
  double sum_;
};

class TextBox;

class Text {
 public:
  explicit Text(std::string_view content) : content_(content) {}
  static Text from_bytes(tally::Bytes content) {
    return Text({reinterpret_cast<const char*>(content.data()), content.size()});
  }
  static Text like(const Text& model) { return Text(model.content_); }
  static Text joined(tally::Own<Text> first, tally::Own<Text> second) {
    return Text(first->content_ + second->content_);
  }

  std::string read() const { return content_; }
  std::vector<std::uint8_t> read_bytes() const { return {content_.begin(), content_.end()}; }
  void append(std::string_view more) { content_ += more; }
  void append_bytes(tally::Bytes more) { content_.append(more.begin(), more.end()); }
  bool equals(const Text& other) const { return content_ == other.content_; }
  void absorb(tally::Own<Text> other, std::string_view separator) {
    content_.append(separator).append(other->content_);
  }
  Text split(std::uint64_t at) {
    if (at > content_.size()) throw std::invalid_argument("there is nothing to cut so far back");
    Text rest(std::string_view(content_).substr(at));
    content_.resize(at);
    return rest;
  }
  std::string unwrap() && { return std::move(content_); }
  std::string unwrap_bytes() && { return std::move(content_); }
  TextBox pack() &&;
  void end() && {}
  std::uint64_t end_with(tally::Own<Text> other, TextBox& witness) &&;

  std::size_t size() const { return content_.size(); }

 private:
  std::string content_;
};

class TextBox {
 public:
  explicit TextBox(std::string first) { own_.emplace_back(std::move(first)); }

  std::uint32_t put(tally::Own<Text> first, tally::Own<Text> second) {
    given_.push_back(std::move(first));
    given_.push_back(std::move(second));
    return static_cast<std::uint32_t>(own_.size() + given_.size());
  }
  tally::Own<Text> take() {
    if (given_.empty()) throw everything::NotReady();
    tally::Own<Text> last = std::move(given_.back());
    given_.pop_back();
    return last;
  }
  void move_to(TextBox& target) && {
    for (tally::Own<Text>& each : given_) target.given_.push_back(std::move(each));
    for (std::string& each : own_) target.own_.push_back(std::move(each));
  }

  std::size_t size() const {
    std::size_t size = 0;
    for (const std::string& each : own_) size += each.size();
    for (const tally::Own<Text>& each : given_) size += each->size();
    return size;
  }

 private:
  std::vector<std::string> own_;
  std::vector<tally::Own<Text>> given_;
};

inline TextBox Text::pack() && {
  return TextBox(std::move(content_));
}
inline std::uint64_t Text::end_with(tally::Own<Text> other, TextBox& witness) && {
  return size() + other->size() + witness.size();
}

class Latecomer {
 public:
  static Latecomer later_still() {
    Latecomer made;
    made.age_ = 10;
    return made;
  }
  std::uint32_t age() const { return age_; }
  std::uint32_t grow(std::uint32_t years) { return age_ += years; }

 private:
  std::uint32_t age_ = 0;
};

}  // namespace everything_author
