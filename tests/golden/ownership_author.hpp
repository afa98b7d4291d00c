// The author's side of ownership.json: plain classes, which the test of the goldens calls through C. They
// count themselves, so that the test sees each end exactly once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ownership_host.hpp"
#include "tally/bytes.hpp"
#include "tally/memory.hpp"

namespace ownership_author {

/// How many objects there are, of all classes here.
inline int alive = 0;

struct Counted {
  Counted() { ++alive; }
  Counted(const Counted&) = delete;
  ~Counted() { --alive; }
};

class Statement;
class Transaction;

class Database : Counted {
 public:
  explicit Database(std::string_view path) : rows_(tally::memory()) {
    rows_.assign(path.begin(), path.end());
  }

  Statement prepare(std::string_view sql);
  Transaction begin();

  void on_change(ownership::host::Progress handler) { on_change_ = std::move(handler); }
  std::uint64_t run(ownership::host::Row each, ownership::host::Finished last);
  void store(tally::OwnedBytes&& data, tally::OwnedBytes&& name) {
    rows_.assign(data.data(), data.data() + data.size());
    if (name.text() == "refused") throw ownership::NoSuchRow("the name is refused");
    if (on_change_) (*on_change_)(rows_.size(), name.text());
    kept_ = std::move(data);
  }
  void attach(tally::Own<ownership::host::Sink> to) { sink_.emplace(std::move(to)); }
  std::uint64_t copy_to(ownership::host::Sink& to) {
    const std::string name(to.name().text());
    return to.write({rows_.data(), rows_.size()}) + name.size();
  }
  tally::Bytes content() { return {rows_.data(), rows_.size()}; }
  void compact() { rows_.shrink_to_fit(); }
  std::uint64_t count() const noexcept { return rows_.size(); }
  void on_arrival(ownership::host::Arrival) {}

 private:
  std::pmr::vector<std::uint8_t> rows_;
  std::optional<ownership::host::Progress> on_change_;
  std::optional<tally::Own<ownership::host::Sink>> sink_;
  tally::OwnedBytes kept_;
};

class Statement : Counted {
 public:
  Statement(Database& parent, std::string_view sql) : parent_(parent), sql_(sql) {}
  static Statement on(Database& parent, std::string_view sql) { return Statement(parent, sql); }

  bool step() { return ++row_ < parent_.count(); }
  std::string_view text(std::int32_t column) {
    if (column != 0) throw ownership::NoSuchRow("there is one column");
    return sql_;
  }
  Statement again() { return Statement(parent_, sql_); }
  std::uint64_t finish() && { return row_; }

 private:
  Database& parent_;
  std::string sql_;
  std::uint64_t row_ = 0;
};

class Transaction : Counted {
 public:
  explicit Transaction(Database& parent) : parent_(parent) {}
  ~Transaction() { static_cast<void>(parent_.count()); }  // its parent is still there
  void commit() && {}
  std::uint64_t changes() { return parent_.count(); }

 private:
  Database& parent_;
};

inline Statement Database::prepare(std::string_view sql) {
  return Statement(*this, sql);
}
inline Transaction Database::begin() {
  return Transaction(*this);
}
inline std::uint64_t Database::run(ownership::host::Row each, ownership::host::Finished last) {
  // A row is read by a statement of nobody's: it is not lent to anyone here, since it has no handle.
  std::uint64_t seen = 0;
  if (on_change_) {
    while ((*on_change_)(seen, "row")) ++seen;
  }
  static_cast<void>(each);
  last();
  return seen;
}

class Album;

class Image : Counted {
 public:
  Image(std::uint32_t width, std::uint32_t height) : pixels_(std::size_t{width} * height) {}
  static Image decoded(tally::OwnedBytes data) { return Image(static_cast<std::uint32_t>(data.size()), 1); }

  tally::Bytes pixels() { return {pixels_.data(), pixels_.size()}; }
  void paint(std::uint8_t value) { std::ranges::fill(pixels_, value); }
  void put_into(Album& album);

 private:
  std::vector<std::uint8_t> pixels_;
};

class Album : Counted {
 public:
  void add(tally::Own<Image> picture) { pictures_.push_back(std::move(picture)); }
  tally::Own<Image> first() {
    if (pictures_.empty()) throw ownership::NoSuchRow("the album is empty");
    tally::Own<Image> taken = std::move(pictures_.front());
    pictures_.pop_front();
    return taken;
  }
  std::size_t looked_at = 0;

 private:
  std::deque<tally::Own<Image>> pictures_;
};

inline void Image::put_into(Album& album) {
  ++album.looked_at;
}

class Sample : Counted {
 public:
  Sample(std::uint32_t seed, std::uint32_t step) : value_(seed), step_(step) {
    if (seed == 13) throw std::runtime_error("unlucky");
  }
  std::uint32_t next() { return value_ += step_; }

 private:
  std::uint32_t value_;
  std::uint32_t step_;
};

inline std::uint32_t checksum(tally::Bytes data, std::uint32_t start) {
  for (const std::uint8_t byte : data) start += byte;
  return start;
}
inline std::string describe() {
  return "ownership, in every way";
}
inline Statement open_both(Database& on, std::string_view label) {
  return Statement(on, label);
}
inline std::vector<std::uint8_t> sort(tally::OwnedBytes data) {
  std::sort(data.data(), data.data() + data.size());
  return {data.data(), data.data() + data.size()};
}
inline void tick(std::uint32_t) {}

}  // namespace ownership_author
