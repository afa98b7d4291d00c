// A slot: the bookkeeping of one object, in front of the object itself, so that a check and the call that
// follows touch the same cache line.
#pragma once

#include <atomic>
#include <cstdint>

#include "tally/runtime/word.hpp"

namespace tally::runtime {

struct Lane;

struct Slot {
  std::atomic<Word> handle;           // live, or dead (flipped)
  std::atomic<Word> token;            // likewise; the one that owns the object now
  std::atomic<std::uint64_t> thread;  // identity of the thread that created the object
  std::atomic<tally_site> created;    // by this call
  Lane* lane;                         // where the slot goes when it is free; constant
  std::uint32_t next_free;            // in its lane's list of free slots; 0 ends it
  std::atomic<std::uint32_t>
      next_returned;  // in its lane's list of returned slots: 0 not in it, kEndOfList the last one

  static constexpr std::uint32_t kEndOfList = UINT32_MAX;
  /// In `thread`: of slot 0, which is never used; and of a slot that another thread has finished and sent
  /// home.
  static constexpr std::uint64_t kNoThread = UINT64_MAX;
  static constexpr std::uint64_t kFinished = 0;
};

static_assert(sizeof(Slot) == 48, "48 bytes of bookkeeping per object are promised");

}  // namespace tally::runtime
