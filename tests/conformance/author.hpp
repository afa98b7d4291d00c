// The author's side of the interface `conformance`: plain classes that do what they are told, throw what they
// are told, and count their constructors and destructors, so that the table can ask whether every one of them
// ran exactly once. Both modules of the tests are made of it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance_types.hpp"
#include "tally/bytes.hpp"
#include "tally/error.hpp"
#include "tally/own.hpp"

namespace conformance_author {

using conformance::Fault;
using conformance::Kind;
using conformance::Shade;

struct Count {
  std::atomic<std::uint64_t> made{0};
  std::atomic<std::uint64_t> ended{0};
};

/// This module's counts, by kind.
inline Count& count_of(Kind kind) {
  static std::array<Count, 6> counts;
  return counts[static_cast<std::size_t>(kind)];
}

/// A member that counts the object that it is in.
template <Kind kind>
struct Counted {
  Counted() { ++count_of(kind).made; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { ++count_of(kind).ended; }
};

/// Throws what is asked for.
inline void raise(Fault fault) {
  switch (fault) {
    case Fault::nothing:
      return;
    case Fault::refused:
      throw conformance::Refused("told to refuse");
    case Fault::empty:
      throw conformance::Empty("told to be empty");
    case Fault::invalid_argument:
      throw std::invalid_argument("told that it is invalid");
    case Fault::bad_alloc:
      throw std::bad_alloc();
    case Fault::runtime_error:
      throw std::runtime_error("told to break");
    case Fault::number:
      throw 42;
    case Fault::foreign:
      throw tally::InterfaceError(CONFORMANCE_ERROR_REFUSED, "elsewhere", "refused",
                                  "told by another interface");
  }
}

class Census {
 public:
  std::uint64_t made(Kind of) const { return count_of(of).made; }
  std::uint64_t ended(Kind of) const { return count_of(of).ended; }
};

class Counter {
 public:
  explicit Counter(std::int64_t start) : value_(start) {}

  static Counter failing(Fault fault) {
    raise(fault);
    return Counter(0);
  }
  static Counter like(const Counter& model) { return Counter(model.value_); }
  static Counter from_old(tally::Own<Counter>&& old, Fault fault) {
    const std::int64_t start = old->value_;
    raise(fault);
    const tally::Own<Counter> taken = std::move(old);
    return Counter(start);
  }
  static Counter named(std::string_view name) { return Counter(static_cast<std::int64_t>(name.size())); }
  static Counter shaded(Shade shade) { return Counter(static_cast<std::int64_t>(shade)); }

  std::int64_t value() const { return value_; }
  std::int64_t add(std::int64_t amount) { return value_ += amount; }
  std::int64_t add_all(const Counter& other) { return value_ += other.value_; }
  std::int64_t fail(Fault fault) const {
    raise(fault);
    return value_;
  }
  Counter twin() const { return Counter(value_); }
  Counter failing_twin(Fault fault) const {
    raise(fault);
    return twin();
  }
  std::int64_t absorb(tally::Own<Counter>&& other, Fault fault) {
    raise(fault);
    const tally::Own<Counter> taken = std::move(other);
    return add_all(*taken);
  }
  std::int64_t end(Fault fault) && { return fail(fault); }
  std::int64_t melt(tally::Own<Counter>&& other, Fault fault) && { return absorb(std::move(other), fault); }
  Counter renew(Fault fault) && { return failing_twin(fault); }
  void quit(Fault fault) && { raise(fault); }

 private:
  std::int64_t value_;
  Counted<Kind::counter> counted_;
};

class Basket {
 public:
  Basket() = default;

  static Basket holding(tally::Own<Counter>&& content, Fault fault) {
    raise(fault);
    return Basket(std::move(content));
  }
  static Basket pair(tally::Own<Counter>&& first, tally::Own<Counter>&& second, Fault fault) {
    raise(fault);
    return Basket(std::move(first), std::move(second));
  }

  std::uint32_t count() const { return static_cast<std::uint32_t>(content_.size()); }
  std::int64_t sum() const {
    std::int64_t sum = 0;
    for (const tally::Own<Counter>& each : content_) sum += each->value();
    return sum;
  }

  void put(tally::Own<Counter>&& content, Fault fault) {
    raise(fault);
    content_.push_back(std::move(content));
  }
  void put_two(tally::Own<Counter>&& first, tally::Own<Counter>&& second, Fault fault) {
    raise(fault);
    content_.push_back(std::move(first));
    content_.push_back(std::move(second));
  }
  void keep_and_fail(tally::Own<Counter>&& content, Fault fault) {
    content_.push_back(std::move(content));
    raise(fault);
  }
  void drop_and_fail(tally::Own<Counter>&&, Fault fault) {
    content_.pop_back();
    raise(fault);
  }
  std::int64_t give_and_lend(tally::Own<Counter>&& given, const Counter& lent) {
    content_.push_back(std::move(given));
    return lent.value();
  }
  std::int64_t lend_and_give(const Counter& lent, tally::Own<Counter>&& given) {
    return give_and_lend(std::move(given), lent);
  }
  tally::Own<Counter> take() {
    if (content_.empty()) throw conformance::Empty("the basket is empty");
    tally::Own<Counter> last = std::move(content_.back());
    content_.pop_back();
    return last;
  }
  tally::Own<Counter> take_nothing() {
    tally::Own<Counter> last = take();
    const tally::Own<Counter> ended = std::move(last);
    return last;
  }
  void move_in(tally::Own<Basket>&& other) {
    const tally::Own<Basket> taken = std::move(other);
    for (tally::Own<Counter>& each : taken->content_) content_.push_back(std::move(each));
  }
  tally::Own<Counter> unpack() && { return take(); }

 private:
  template <class... Content>
  explicit Basket(Content&&... content) {
    (content_.push_back(std::forward<Content>(content)), ...);
  }

  std::vector<tally::Own<Counter>> content_;
  Counted<Kind::basket> counted_;
};

/// Memory whose destructor throws.
class Thorn {
 public:
  explicit Thorn(std::string_view text) : text_(text) {}
  ~Thorn() noexcept(false) { raise(Fault::runtime_error); }
  const char* data() const { return text_.data(); }
  std::size_t size() const { return text_.size(); }

 private:
  std::string_view text_;
  Counted<Kind::thorn> counted_;
};

class Scribe {
 public:
  bool echo_bool(bool value) const { return value; }
  std::int8_t echo_i8(std::int8_t value) const { return value; }
  std::int16_t echo_i16(std::int16_t value) const { return value; }
  std::int32_t echo_i32(std::int32_t value) const { return value; }
  std::int64_t echo_i64(std::int64_t value) const { return value; }
  std::uint8_t echo_u8(std::uint8_t value) const { return value; }
  std::uint16_t echo_u16(std::uint16_t value) const { return value; }
  std::uint32_t echo_u32(std::uint32_t value) const { return value; }
  std::uint64_t echo_u64(std::uint64_t value) const { return value; }
  float echo_f32(float value) const { return value; }
  double echo_f64(double value) const { return value; }
  Shade echo_shade(Shade value) const { return value; }
  std::string echo_text(std::string_view value) const { return std::string(value); }
  std::vector<std::uint8_t> echo_bytes(tally::Bytes value) const { return {value.begin(), value.end()}; }
  std::uint64_t text_size(std::string_view value) const { return value.size(); }
  std::uint64_t bytes_size(tally::Bytes value) const { return value.size(); }
  std::string two_texts(std::string_view first, std::string_view second) const {
    return std::string(first).append(second);
  }
  std::string bad_text() const { return "\xff\xfe"; }
  std::string failing_text(Fault fault) const {
    raise(fault);
    return "nothing went wrong";
  }
  Thorn thorn() const { return Thorn("thorn"); }
  std::string last_word(Fault fault) && { return failing_text(fault); }

 private:
  Counted<Kind::scribe> counted_;
};

class Fuse {
 public:
  explicit Fuse(Fault fault) : fault_(fault) {}
  Fuse(const Fuse&) = delete;
  Fuse& operator=(const Fuse&) = delete;
  ~Fuse() noexcept(false) { raise(fault_); }
  std::int64_t value() const { return 1; }
  std::int64_t end() && { return 1; }

 private:
  Fault fault_;
  Counted<Kind::fuse> counted_;
};

/// Too large to lie in a slot.
class Vast {
 public:
  explicit Vast(Fault fault) : fault_(fault) {}
  Vast(const Vast&) = delete;
  Vast& operator=(const Vast&) = delete;
  ~Vast() noexcept(false) { raise(fault_); }
  static Vast failing(Fault fault) {
    raise(fault);
    return Vast(Fault::nothing);
  }
  std::int64_t value() const {
    std::int64_t sum = 0;
    for (const std::int64_t page : pages_) sum += page;
    return sum;
  }
  std::int64_t add(std::int64_t amount) {
    pages_.back() += amount;
    return value();
  }

 private:
  Fault fault_;
  std::array<std::int64_t, 8192> pages_{};
  Counted<Kind::vast> counted_;
};

}  // namespace conformance_author
