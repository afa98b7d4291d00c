// A lane: one thread's part of one table. Creating and destroying on the thread's own lane takes no lock and
// no locked instruction; other threads only return slots to it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "tally/runtime/slot.hpp"

namespace tally::runtime {

/// A figure that one thread counts and any thread reads.
class Counter {
 public:
  void add(std::uint64_t amount) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  std::uint64_t read() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// How a word ended.
enum class Ending : std::uint32_t {
  destroyed,    ///< by its owner
  given_away,   ///< the token, to a new owner
  with_parent,  ///< the object, since its parent ended
};

/// What was retired: enough to say, when its word is used again, where it was created and where it went.
struct Retired {
  std::atomic<Word> handle;  // 0: only the token ended
  std::atomic<Word> token;
  std::atomic<tally_site> created;
  std::atomic<tally_site> retired;
  std::atomic<Ending> ending;
};

struct Lane {
  static constexpr std::size_t kRemembered = 64;
  static constexpr Place kEndOfList = UINT32_MAX;

  /// Identity of the thread that has it; 0: nobody has, it can be taken over.
  std::atomic<std::uint64_t> thread{0};
  Place free = kNowhere;            // first free slot
  Place free_reference = kNowhere;  // first free reference
  std::uint32_t number = 0;         // among the table's lanes
  std::uint32_t remembered = 0;
  std::atomic<Place> returned{kEndOfList};  // slots that other threads have something to say about
  Counter issued;
  Counter retired;
  std::atomic<std::uint64_t> retired_by_others{0};
  std::atomic<std::uint64_t> deferred{0};
  std::array<Retired, kRemembered> history{};

  void remember(Word handle, Word token, tally_site created, tally_site retired_at, Ending ending) noexcept {
    Retired& entry = history[remembered++ % kRemembered];
    entry.handle.store(handle, std::memory_order_relaxed);
    entry.token.store(token, std::memory_order_relaxed);
    entry.created.store(created, std::memory_order_relaxed);
    entry.retired.store(retired_at, std::memory_order_relaxed);
    entry.ending.store(ending, std::memory_order_relaxed);
  }

  /// A transfer of this token did not happen.
  void forget_transfer(Word token) noexcept {
    if (Retired* const entry = transfer_of(token)) entry->token.store(0, std::memory_order_relaxed);
  }
  /// It did not happen, and the token has come to this end instead.
  void end_transfer(Word token, Ending ending) noexcept {
    if (Retired* const entry = transfer_of(token)) entry->ending.store(ending, std::memory_order_relaxed);
  }

  Retired* transfer_of(Word token) noexcept {
    for (Retired& entry : history) {
      const bool is_transfer = entry.ending.load(std::memory_order_relaxed) == Ending::given_away;
      if (is_transfer && entry.token.load(std::memory_order_relaxed) == token) return &entry;
    }
    return nullptr;
  }
};

}  // namespace tally::runtime
