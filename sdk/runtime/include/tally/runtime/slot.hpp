// A slot: what a call looks at, in front of the object itself, so that a check and the call that follows
// touch the same cache line. What only creating, destroying and reporting need stands beside it, in arrays of
// their own with the same index.
#pragma once

#include <atomic>
#include <cstdint>

#include "tally/runtime/word.hpp"

namespace tally::runtime {

/// A slot anywhere in the interface: 8 bits number of the volume, 24 bits index. The index is never 0.
using Place = std::uint32_t;
inline constexpr Place kNowhere = 0;
inline constexpr std::uint32_t kVolumes = 256;

constexpr Place make_place(std::uint32_t volume, std::uint32_t index) noexcept {
  return (volume << TALLY_SLOT_BITS) | index;
}
constexpr std::uint32_t volume_of(Place place) noexcept {
  return place >> TALLY_SLOT_BITS;
}
constexpr std::uint32_t index_of(Place place) noexcept {
  return place & ((1u << TALLY_SLOT_BITS) - 1);
}

struct Slot {
  std::atomic<Word> handle;           // live, or gone
  std::atomic<std::uint64_t> thread;  // identity of the thread that created the object, or see below
  std::uint32_t inside;               // calls that are inside the object; its own thread's, or under the lock
  std::uint32_t references;           // tokens beside the one in the record; likewise

  /// In `thread`: of slot 0, which is never used, and of an object that ends on the only thread that ever
  /// used it; and of a slot that another thread has finished and sent home.
  static constexpr std::uint64_t kNoThread = UINT64_MAX;
  static constexpr std::uint64_t kFinished = 0;
  /// Of an object that several threads may use, when a second one has: with the identity of the one that used
  /// it last, if one may at a time; alone, if any number may.
  static constexpr std::uint64_t kHandedOver = std::uint64_t{1} << 63;
  static constexpr std::uint64_t kAnyThread = kHandedOver;

  /// Whether nobody is the owner: the object has ended, or is just ending.
  static constexpr bool has_ended(std::uint64_t owner) noexcept {
    return owner == kNoThread || owner == kFinished;
  }
};

struct Record {
  std::atomic<tally_site> created;  // the object, by this call
  std::atomic<Word> token;          // the first one that owns it: live, pending, returned or gone
  std::uint32_t lane;               // where the slot goes when it is free; constant
  std::atomic<Place> next;          // in its lane's list of free or of returned slots
};

static_assert(sizeof(Slot) + sizeof(Record) == 48, "48 bytes of bookkeeping per object are promised");

/// Of classes that have parents, children or views: who holds whom. Only the object's own thread looks here,
/// or who has the interface's lock.
struct Kin {
  Place parent;
  Place first_child;
  Place previous;  // among the parent's children
  Place next;
  std::uint32_t
      views;  // how many of the children are; or, with kMoving, calls that move what they would show

  static constexpr std::uint32_t kMoving = std::uint32_t{1} << 31;
  bool is_moving() const noexcept { return (views & kMoving) != 0; }
  bool has_views() const noexcept { return views != 0 && !is_moving(); }
};

/// One more token of an object: a reference that was retained, or the successor of a token whose generations
/// were used up.
struct Reference {
  std::atomic<tally_site> created;
  std::atomic<Word> token;
  std::atomic<Place> object;
  std::uint32_t lane;
  std::atomic<Place> next;  // in its lane's list of free references, or of returned slots
  std::uint32_t unused;
};

static_assert(sizeof(Reference) == 32, "32 bytes for each further reference are promised");

}  // namespace tally::runtime
