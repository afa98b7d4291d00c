// The object that both sides of the benchmark call. Its functions are opaque, so that neither side can look
// through them.
#pragma once

#include <cstdint>
#include <string_view>

#include "tally/buffer.hpp"
#include "tally/bytes.hpp"

namespace bench_author {

class Counter {
 public:
  Counter() { keep(); }
  ~Counter() { keep(); }

  [[gnu::noinline]] void add(std::int64_t amount) {
    value_ += amount;
    keep();
  }
  // As if it called back: it only says so.
  void add_in_between(std::int64_t amount) { add(amount); }
  [[gnu::noinline]] void name(std::string_view text) {
    value_ += static_cast<std::int64_t>(text.size());
    keep();
  }
  [[gnu::noinline]] std::uint64_t take(tally::Bytes data) {
    keep();
    return data.size();
  }
  [[gnu::noinline]] tally::Buffer make(std::uint64_t size) { return tally::Buffer(size); }

 private:
  static void keep() { asm volatile("" ::: "memory"); }

  std::int64_t value_ = 0;
};

class Share : public Counter {};
class Till : public Counter {};
class Pool : public Counter {
 public:
  // Writes nothing, so that threads do not disturb each other by the object itself.
  [[gnu::noinline]] void look(std::int64_t amount) const { asm volatile("" : : "r"(amount) : "memory"); }
};
class Stake : public Counter {};

}  // namespace bench_author
