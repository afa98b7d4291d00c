// A volume: up to 16,777,215 slots with one pair of table ids, in segments that never move. A table begins
// with one and adds another when its slots are used up.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "tally/runtime/interface.hpp"
#include "tally/runtime/slot.hpp"

namespace tally::runtime {

class TableBase;

/// A slot, its record, and the place where both are.
struct At {
  Slot* slot = nullptr;
  Record* record = nullptr;
  Place place = kNowhere;

  explicit operator bool() const noexcept { return slot != nullptr; }
  std::uint32_t index() const noexcept { return index_of(place); }
};

class Volume {
 public:
  constexpr Volume(std::uint32_t stride, bool has_kin) noexcept : stride_(stride), has_kin_(has_kin) {}
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;

  /// Reserves the first segment and two table ids. On failure nothing has changed.
  tally_status start(Interface& interface, TableBase& table, std::uint32_t token_kind,
                     std::uint32_t number) noexcept;
  /// Gives memory and ids back. Nothing may be in use.
  void stop(Interface& interface) noexcept;
  bool is_started() const noexcept { return end_.load(std::memory_order_acquire) != 0; }

  /// The slot that a word leads to in the first segment, and its record; before the start, ones that no word
  /// is equal to.
  template <std::uint32_t kStride>
  At first_segment(Word word) const noexcept {
    const std::uint32_t index = static_cast<std::uint32_t>(word) & mask_.load(std::memory_order_acquire);
    return {offset_by(slots_.load(std::memory_order_relaxed), std::size_t{index} * kStride),
            records_.load(std::memory_order_relaxed) + index, first_place() | index};
  }

  bool is_in_first_segment(Place place) const noexcept {
    return (place ^ first_place()) <= mask_.load(std::memory_order_relaxed);
  }
  template <std::uint32_t kStride>
  At at_in_first_segment(Place place) const noexcept {
    const std::uint32_t index = place ^ first_place();
    return {offset_by(slots_.load(std::memory_order_relaxed), std::size_t{index} * kStride),
            records_.load(std::memory_order_relaxed) + index, place};
  }

  /// Any slot that has been given to a lane.
  At at(std::uint32_t index) const noexcept {
    if (index <= mask_.load(std::memory_order_relaxed)) [[likely]] {
      return {offset_by(slots_.load(std::memory_order_relaxed), std::size_t{index} * stride_),
              records_.load(std::memory_order_relaxed) + index, first_place() | index};
    }
    return at_in_further_segment(index);
  }

  /// Only where the table has kin.
  Kin& kin(std::uint32_t index) const noexcept;

  /// Slots below it have been given to lanes; slot 0 to none.
  std::uint32_t end() const noexcept { return end_.load(std::memory_order_acquire); }

  /// The next block of fresh slots, their words made; under the table's lock. *first == *end: none is left.
  tally_status take_block(std::uint32_t lane, std::uint32_t* first, std::uint32_t* end) noexcept;

  /// Whether a word has one of its table ids, and which.
  bool has_handles_of(Word word) const noexcept { return is_started() && table_id(word) == handle_table_; }
  bool has_tokens_of(Word word) const noexcept { return is_started() && table_id(word) == token_table_; }
  bool was_never_issued(Word word, Word current) const noexcept {
    const std::uint32_t floor = table_id(word) == token_table_ ? token_floor_ : handle_floor_;
    return generation(word) > generation(current) || generation(word) < floor;
  }

  std::uint32_t number() const noexcept { return volume_of(first_place()); }

  Volume* next = nullptr;  // of the same table, older; the table's first one is in no list

 private:
  struct Segment {
    std::atomic<Slot*> slots;
    Record* records;
    Kin* kin;
  };

  At at_in_further_segment(std::uint32_t index) const noexcept;
  bool map(std::uint32_t slots, Segment* segment) noexcept;
  void unmap(std::uint32_t slots, const Segment& segment) noexcept;
  bool add_segment(std::uint32_t index) noexcept;
  const Segment& further_segment(std::uint32_t index) const noexcept;
  void floors(std::uint32_t* handles, std::uint32_t* tokens) const noexcept;

  Place first_place() const noexcept { return first_place_.load(std::memory_order_relaxed); }
  static Slot* offset_by(Slot* base, std::size_t bytes) noexcept {
    return reinterpret_cast<Slot*>(reinterpret_cast<char*>(base) + bytes);
  }

  // Read by every call.
  std::atomic<Slot*> slots_{&no_slot};
  std::atomic<std::uint32_t> mask_{0};
  std::uint32_t stride_;
  std::atomic<Record*> records_{&no_record};

  Kin* kin_ = nullptr;
  std::atomic<Place> first_place_{kNowhere};
  bool has_kin_;
  std::atomic<std::uint32_t> end_{0};       // 0: not started
  std::atomic<Segment*> further_{nullptr};  // segments after the first, by number
  std::uint32_t handle_table_ = 0;
  std::uint32_t token_table_ = 0;
  std::uint32_t handle_floor_ = 0;
  std::uint32_t token_floor_ = 0;

  /// What every word leads to before the first creation. No thread is its owner.
  static constinit inline Slot no_slot{{0}, {Slot::kNoThread}, 0, 0};
  static constinit inline Record no_record{{0}, {0}, 0, {kNowhere}};
};

}  // namespace tally::runtime
