// The author's side of the interface `conformance`: plain classes that do what they are told, throw what they
// are told, and count their constructors and destructors, so that the table can ask whether every one of them
// ran exactly once. What they take, they take when nothing can fail any more, unless they are told to fail.
// Both modules of the tests are made of it.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance_host.hpp"
#include "conformance_types.hpp"
#include "tally/bytes.hpp"
#include "tally/error.hpp"
#include "tally/own.hpp"
#include "tally/owned_bytes.hpp"

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
  static std::array<Count, 25> counts;
  return counts[static_cast<std::size_t>(kind)];
}

/// The kind whose destructor has run last in this module.
inline std::atomic<Kind> last_to_end{Kind::counter};

/// A member that counts the object that it is in.
template <Kind kind>
struct Counted {
  Counted() { ++count_of(kind).made; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() {
    ++count_of(kind).ended;
    last_to_end = kind;
  }
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
  Kind last() const { return last_to_end; }
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

  std::int64_t value() const noexcept { return value_; }
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
    content_.reserve(content_.size() + 2);  // both or none
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
    content_.reserve(content_.size() + other->content_.size());
    const tally::Own<Basket> taken = std::move(other);
    for (tally::Own<Counter>& each : taken->content_) content_.push_back(std::move(each));
  }
  tally::Own<Counter> unpack() && { return take(); }

 private:
  template <class... Content>
  explicit Basket(Content&&... content) {
    content_.reserve(sizeof...(Content));
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

// ---- Parents and children ----

class Leaf;
class Bud;
class Seed;

class Tree {
 public:
  Tree(std::int64_t value, Fault fault) : value_(value), fault_(fault) {}
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree() noexcept(false) { raise(fault_); }

  std::int64_t value() const { return value_; }
  Leaf grow(Fault fault);
  Bud sprout(Fault fault);
  Seed scatter();
  std::int64_t compare(Leaf& leaf) const;
  std::int64_t fell(Fault fault) && {
    raise(fault);
    return value_;
  }
  Bud sprout_meanwhile(conformance::host::Notice first);

 private:
  std::int64_t value_;
  Fault fault_;
  Counted<Kind::tree> counted_;
};

class Vein;

class Leaf {
 public:
  explicit Leaf(Tree& tree) : tree_(tree) {}
  Leaf(const Leaf&) = delete;
  Leaf& operator=(const Leaf&) = delete;
  ~Leaf() { tree_.value(); }  // its tree is still there

  static Leaf on(Tree& tree, Fault fault) {
    raise(fault);
    return Leaf(tree);
  }
  std::int64_t value() const { return tree_.value(); }
  Leaf another() const { return Leaf(tree_); }
  Vein branch();
  std::int64_t fall(Fault fault) && {
    raise(fault);
    return value();
  }

 private:
  Tree& tree_;
  Counted<Kind::leaf> counted_;
};

class Vein {
 public:
  explicit Vein(Leaf& leaf) : leaf_(leaf) {}
  Vein(const Vein&) = delete;
  Vein& operator=(const Vein&) = delete;
  ~Vein() { leaf_.value(); }
  std::int64_t value() const { return leaf_.value(); }

 private:
  Leaf& leaf_;
  Counted<Kind::vein> counted_;
};

class Petal;

class Bud {
 public:
  explicit Bud(Tree& tree) : tree_(tree) {}
  Bud(const Bud&) = delete;
  Bud& operator=(const Bud&) = delete;
  ~Bud() { tree_.value(); }

  static Bud on(Tree& tree) { return Bud(tree); }
  std::int64_t value() const { return tree_.value(); }
  Petal unfold();
  std::string_view scent() const { return "rose"; }
  std::int64_t open(Fault fault) && {
    raise(fault);
    return value();
  }

 private:
  Tree& tree_;
  Counted<Kind::bud> counted_;
};

class Petal {
 public:
  explicit Petal(Bud& bud) : bud_(bud) {}
  Petal(const Petal&) = delete;
  Petal& operator=(const Petal&) = delete;
  ~Petal() { bud_.value(); }
  std::int64_t value() const { return bud_.value(); }

 private:
  Bud& bud_;
  Counted<Kind::petal> counted_;
};

class Seed {
 public:
  explicit Seed(Tree& tree) : tree_(tree) {}
  Seed(const Seed&) = delete;
  Seed& operator=(const Seed&) = delete;
  ~Seed() { tree_.value(); }
  std::int64_t value() const { return tree_.value(); }

 private:
  Tree& tree_;
  Counted<Kind::seed> counted_;
};

inline Leaf Tree::grow(Fault fault) {
  raise(fault);
  return Leaf(*this);
}
inline Bud Tree::sprout(Fault fault) {
  raise(fault);
  return Bud(*this);
}
inline Seed Tree::scatter() {
  return Seed(*this);
}
inline std::int64_t Tree::compare(Leaf& leaf) const {
  return value_ - leaf.value();
}
inline Bud Tree::sprout_meanwhile(conformance::host::Notice first) {
  first(value_);
  return Bud(*this);
}
inline Vein Leaf::branch() {
  return Vein(*this);
}
inline Petal Bud::unfold() {
  return Petal(*this);
}
inline Leaf leaf_of(Tree& tree) {
  return Leaf(tree);
}

// ---- Counted ----

class Coin {
 public:
  Coin(std::int64_t value, Fault fault) : value_(value), fault_(fault) {}
  Coin(const Coin&) = delete;
  Coin& operator=(const Coin&) = delete;
  ~Coin() noexcept(false) { raise(fault_); }

  static Coin failing(Fault fault) {
    raise(fault);
    return Coin(0, Fault::nothing);
  }
  std::int64_t value() const { return value_; }
  std::int64_t add(std::int64_t amount) { return value_ += amount; }
  std::string_view name() const { return "coin"; }
  Coin mint() const { return Coin(value_, Fault::nothing); }

 private:
  std::int64_t value_;
  Fault fault_;
  Counted<Kind::coin> counted_;
};

class Purse {
 public:
  std::uint64_t count() const { return content_.size(); }
  void put(tally::Own<Coin>&& coin, Fault fault) {
    raise(fault);
    content_.push_back(std::move(coin));
  }
  void put_two(tally::Own<Coin>&& first, tally::Own<Coin>&& second, Fault fault) {
    content_.reserve(content_.size() + 2);
    put(std::move(first), fault);
    put(std::move(second), fault);
  }
  std::int64_t put_and_look(tally::Own<Coin>&& coin, const Coin& other) {
    put(std::move(coin), Fault::nothing);
    return other.value();
  }
  std::int64_t look(const Coin& coin) const { return coin.value(); }
  tally::Own<Coin> take() {
    if (content_.empty()) throw conformance::Empty("the purse is empty");
    tally::Own<Coin> last = std::move(content_.back());
    content_.pop_back();
    return last;
  }

 private:
  std::vector<tally::Own<Coin>> content_;
  Counted<Kind::purse> counted_;
};

// ---- Arrays ----

class Cell {
 public:
  Cell(std::int64_t value, std::uint64_t room) : value_(value) {
    const Count& count = count_of(Kind::cell);
    if (count.made - count.ended > room) throw conformance::Refused("there is no room");
  }
  std::int64_t value() const { return value_; }
  std::int64_t add(std::int64_t amount) { return value_ += amount; }

 private:
  Counted<Kind::cell> counted_;  // first: one that is refused ends, too
  std::int64_t value_;
};

// ---- Views ----

class Page {
 public:
  explicit Page(std::string_view text) : text_(text) {}

  std::string_view text() const { return text_; }
  tally::Bytes data() const { return {reinterpret_cast<const std::uint8_t*>(text_.data()), text_.size()}; }
  std::uint64_t size() const { return text_.size(); }
  std::string_view failing_text(Fault fault) const {
    raise(fault);
    return text_;
  }
  std::string_view bad_text() const { return "\xff\xfe"; }
  void rewrite(std::string_view text) { text_ = text; }
  std::int64_t rewrite_meanwhile(std::string_view text, conformance::host::Notice first) {
    const std::int64_t answer = first(static_cast<std::int64_t>(text_.size()));
    text_ = text;
    return answer;
  }
  std::uint64_t tear(Fault fault) && {
    raise(fault);
    return text_.size();
  }

 private:
  std::string text_;
  Counted<Kind::page> counted_;
};

class Binder {
 public:
  std::uint64_t count() const { return content_.size(); }
  void put(tally::Own<Page>&& page) { content_.push_back(std::move(page)); }
  tally::Own<Page> take() {
    if (content_.empty()) throw conformance::Empty("the binder is empty");
    tally::Own<Page> last = std::move(content_.back());
    content_.pop_back();
    return last;
  }

 private:
  std::vector<tally::Own<Page>> content_;
  Counted<Kind::binder> counted_;
};

// ---- Callbacks ----

class Bell {
 public:
  using Notice = conformance::host::Notice;

  Bell() = default;
  explicit Bell(Notice handler) : handler_(std::move(handler)) {}
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;
  ~Bell() {
    try {
      if (at_end_) (*at_end_)(-1);
    } catch (const tally::CallbackError&) {
      // a destructor has nobody to tell
    }
  }

  static Bell hung(Notice handler, Fault fault) {
    raise(fault);
    return Bell(std::move(handler));
  }
  void on_ring(Notice handler, Fault fault) {
    raise(fault);
    handler_.emplace(std::move(handler));
  }
  void on_end(Notice handler) { at_end_.emplace(std::move(handler)); }
  std::int64_t ring(std::int64_t item) { return handler_ ? (*handler_)(item) : 0; }
  bool ring_and_catch(std::int64_t item) {
    try {
      ring(item);
    } catch (const tally::CallbackError&) {
      return true;
    }
    return false;
  }
  std::int64_t ring_and_fail(Fault fault) {
    ring(0);
    raise(fault);
    return 0;
  }
  void hush() { handler_.reset(); }
  std::int64_t both(Notice first, Notice second, Fault fault) {
    raise(fault);
    return first(1) + second(2);
  }
  std::int64_t lend(Counter& what, conformance::host::Look to) { return to(what); }
  std::int64_t offer(tally::Own<Counter> what, conformance::host::Adopt to) { return to(std::move(what)); }
  std::string_view name() const { return "bell"; }
  std::int64_t stop(std::int64_t item) && { return ring(item); }

 private:
  std::optional<Notice> handler_;
  std::optional<Notice> at_end_;
  Counted<Kind::bell> counted_;
};

inline std::optional<conformance::host::Notice>& kept() {
  static std::optional<conformance::host::Notice> kept;
  return kept;
}

inline std::int64_t count_to(std::int64_t end, conformance::host::Notice each) {
  std::int64_t sum = 0;
  for (std::int64_t item = 1; item <= end; ++item) sum += each(item);
  return sum;
}
inline void keep(conformance::host::Notice handler) {
  kept().emplace(std::move(handler));
}
inline std::int64_t call_kept(std::int64_t item) {
  return kept() ? (*kept())(item) : 0;
}
inline void let_go() {
  kept().reset();
}

// ---- Objects of the host ----

class Pump {
 public:
  using Valve = conformance::host::Valve;

  void attach(tally::Own<Valve>&& valve, Fault fault) {
    raise(fault);
    valve_.emplace(std::move(valve));
  }
  tally::Own<Valve> give_back() {
    if (!valve_) throw conformance::Empty("nothing is attached");
    tally::Own<Valve> valve = std::move(*valve_);
    valve_.reset();
    return valve;
  }
  std::int64_t turn(std::int64_t by) {
    if (!valve_) throw conformance::Empty("nothing is attached");
    return (*valve_)->turn(by);
  }
  std::int64_t turn_this(Valve& valve, std::int64_t by) { return valve.turn(by); }
  std::int64_t hold_this(Valve& valve, Counter& what) { return valve.hold(what); }
  std::int64_t swallow_this(Valve& valve, tally::Own<Counter> what) { return valve.swallow(std::move(what)); }
  std::string label_of(Valve& valve) { return std::string(valve.label().text()); }
  void seal_this(Valve& valve) { valve.seal(); }

 private:
  std::optional<tally::Own<Valve>> valve_;
  Counted<Kind::pump> counted_;
};

// ---- Memory that is given ----

class Vat {
 public:
  Vat() = default;
  explicit Vat(tally::OwnedBytes data) : data_(std::move(data)) {}

  static Vat of(tally::OwnedBytes&& data, Fault fault) {
    raise(fault);
    return Vat(std::move(data));
  }
  std::uint64_t fill(tally::OwnedBytes&& data, Fault fault) {
    raise(fault);
    data_ = std::move(data);
    return data_.size();
  }
  std::uint64_t fill_and_fail(tally::OwnedBytes&& data, Fault fault) {
    data_ = std::move(data);
    raise(fault);
    return data_.size();
  }
  std::uint64_t fill_both(tally::OwnedBytes&& data, tally::OwnedBytes&& text, Fault fault) {
    raise(fault);
    data_ = std::move(data);
    text_ = std::move(text);
    return data_.size() + text_.size();
  }
  std::vector<std::uint8_t> drain() const { return {data_.data(), data_.data() + data_.size()}; }

 private:
  tally::OwnedBytes data_;
  tally::OwnedBytes text_;
  Counted<Kind::vat> counted_;
};

// ---- Several threads ----

/// Is called back by, and waits for, others that are inside at the same time.
class Pool {
 public:
  explicit Pool(std::int64_t level) : level_(level) {}

  std::int64_t level() const noexcept { return level_; }
  std::int64_t fill(std::int64_t by) { return level_ += by; }
  std::int64_t visit(conformance::host::Notice during) const {
    during(0);
    return level_;
  }
  std::int64_t visit_other(const Pool& other, conformance::host::Notice during) const {
    during(0);
    return other.level_;
  }
  std::int64_t join(tally::Own<Pool>&& other, Fault fault) {
    raise(fault);
    const tally::Own<Pool> taken = std::move(other);
    return level_ += taken->level_;
  }
  std::string_view name() const { return name_; }
  std::int64_t rename(std::string_view name, conformance::host::Notice during) {
    const std::int64_t answer = during(0);
    name_ = name;
    return answer;
  }
  std::int64_t drain(conformance::host::Notice during, Fault fault) && {
    during(0);
    raise(fault);
    return level_;
  }

 private:
  std::atomic<std::int64_t> level_;
  std::string name_ = "pool";
  Counted<Kind::pool> counted_;
};

class Stake {
 public:
  std::int64_t visit(conformance::host::Notice during) const { return during(0); }

 private:
  Counted<Kind::stake> counted_;
};

class Till;

class Drawer {
 public:
  explicit Drawer(Till& till) : till_(&till) {}

  std::int64_t put(std::int64_t amount) noexcept;
  std::int64_t visit(conformance::host::Notice during) const { return during(0); }
  std::int64_t shut() && { return put(0); }

 private:
  Till* till_;
  Counted<Kind::drawer> counted_;
};

class Slip {
 public:
  explicit Slip(std::int64_t number) : number_(number) {}

  std::int64_t number() const { return number_; }
  std::int64_t visit(conformance::host::Notice during) const { return during(0); }

 private:
  std::int64_t number_;
  Counted<Kind::slip> counted_;
};

class Till {
 public:
  std::int64_t sum() const noexcept { return sum_; }
  std::int64_t add(std::int64_t amount) noexcept { return sum_ += amount; }
  std::int64_t visit(conformance::host::Notice during) const { return during(0); }
  Drawer drawer() { return Drawer(*this); }
  Slip slip() { return Slip(++slips_); }
  std::string_view name() const { return name_; }
  void rename(std::string_view name) { name_ = name; }

 private:
  std::int64_t sum_ = 0;
  std::int64_t slips_ = 0;
  std::string name_ = "till";
  Counted<Kind::till> counted_;
};

inline std::int64_t Drawer::put(std::int64_t amount) noexcept {
  return till_->add(amount);
}

// ---- Functions without an object ----

inline std::int64_t add_up(tally::Bytes data, std::int64_t start) {
  for (const std::uint8_t each : data) start += each;
  return start;
}
inline void fail(Fault fault) {
  raise(fault);
}
inline std::vector<std::uint8_t> reverse(tally::OwnedBytes&& data, Fault fault) {
  raise(fault);
  std::vector<std::uint8_t> reversed(data.data(), data.data() + data.size());
  std::ranges::reverse(reversed);
  const tally::OwnedBytes taken = std::move(data);
  return reversed;
}

}  // namespace conformance_author
