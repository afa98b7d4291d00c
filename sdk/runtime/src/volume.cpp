// See volume.hpp.
#include "tally/runtime/volume.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

// Under AddressSanitizer: objects in slots point to memory that is not leaked as long as they live.
extern "C" [[gnu::weak]] void __lsan_register_root_region(const void* start, std::size_t size);
extern "C" [[gnu::weak]] void __lsan_unregister_root_region(const void* start, std::size_t size);

namespace tally::runtime {
namespace {

constexpr std::uint32_t kBlock = 64;  // slots that a lane takes at once
constexpr std::size_t kSegmentBytes = std::size_t{128} << 20;
constexpr std::uint32_t kMostSegmentSlots = std::min(1u << 20, kSlots);
constexpr std::uint32_t kLeastSegmentSlots = std::min(kBlock * 4, kSlots);

// Address space, of which only what is touched becomes memory. Null when there is none left.
void* map_pages(std::size_t bytes) {
  void* const memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

constexpr std::size_t round_up(std::size_t size, std::size_t to) {
  return (size + to - 1) / to * to;
}

// A segment is one mapping: the slots, then their records, then their kin.
struct Layout {
  std::size_t records;
  std::size_t kin;
  std::size_t bytes;
};

Layout layout_of(std::uint32_t slots, std::uint32_t stride, bool has_kin) {
  Layout layout{};
  layout.records = round_up(std::size_t{slots} * stride, 64);
  layout.kin = layout.records + std::size_t{slots} * sizeof(Record);
  layout.bytes = layout.kin + (has_kin ? std::size_t{slots} * sizeof(Kin) : 0);
  return layout;
}

}  // namespace

bool Volume::map(std::uint32_t slots, Segment* segment) noexcept {
  const Layout layout = layout_of(slots, stride_, has_kin_);
  char* const memory = static_cast<char*>(map_pages(layout.bytes));
  if (!memory) return false;
  if (__lsan_register_root_region) __lsan_register_root_region(memory, layout.records);
  segment->records = reinterpret_cast<Record*>(memory + layout.records);
  segment->kin = reinterpret_cast<Kin*>(memory + layout.kin);
  segment->slots.store(reinterpret_cast<Slot*>(memory), std::memory_order_release);
  return true;
}

void Volume::unmap(std::uint32_t slots, const Segment& segment) noexcept {
  const Layout layout = layout_of(slots, stride_, has_kin_);
  Slot* const memory = segment.slots.load(std::memory_order_relaxed);
  if (__lsan_unregister_root_region) __lsan_unregister_root_region(memory, layout.records);
  munmap(static_cast<void*>(memory), layout.bytes);
}

tally_status Volume::start(Interface& interface, TableBase& table, std::uint32_t token_kind,
                           std::uint32_t number) noexcept {
  const std::uint32_t fitting = std::bit_floor(static_cast<std::uint32_t>(kSegmentBytes / stride_));
  std::uint32_t slots = std::clamp(fitting, kLeastSegmentSlots, kMostSegmentSlots);
  Segment first{};
  while (!map(slots, &first)) {
    if (slots <= kLeastSegmentSlots) return TALLY_OUT_OF_MEMORY;
    slots /= 2;
  }
  const tally_core& core = *interface.core();
  const std::uint32_t class_index = interface.index_of(table);
  handle_table_ = core.table_add(interface.provider(), class_index, TALLY_TABLE_HANDLES, &handle_floor_);
  token_table_ = core.table_add(interface.provider(), class_index, token_kind, &token_floor_);
  if (!handle_table_ || !token_table_) {
    if (handle_table_) core.table_remove(handle_table_, handle_floor_);
    unmap(slots, first);
    return TALLY_LIMIT_REACHED;
  }
  Slot* const memory = first.slots.load(std::memory_order_relaxed);
  memory->thread.store(Slot::kNoThread, std::memory_order_relaxed);
  first_place_.store(make_place(number, 0), std::memory_order_relaxed);
  kin_ = first.kin;
  records_.store(first.records, std::memory_order_relaxed);
  slots_.store(memory, std::memory_order_relaxed);
  mask_.store(slots - 1, std::memory_order_release);
  end_.store(1, std::memory_order_release);
  return TALLY_OK;
}

void Volume::stop(Interface& interface) noexcept {
  const std::uint32_t end = end_.load(std::memory_order_relaxed);
  if (end == 0) return;
  std::uint32_t handle_floor = handle_floor_;
  std::uint32_t token_floor = token_floor_;
  floors(&handle_floor, &token_floor);
  interface.core()->table_remove(handle_table_, handle_floor);
  interface.core()->table_remove(token_table_, token_floor);
  const std::uint32_t slots = mask_.load(std::memory_order_relaxed) + 1;
  Segment first{{slots_.load(std::memory_order_relaxed)}, nullptr, nullptr};
  end_.store(0, std::memory_order_release);
  mask_.store(0, std::memory_order_release);
  records_.store(&no_record, std::memory_order_relaxed);
  slots_.store(&no_slot, std::memory_order_relaxed);
  unmap(slots, first);
  if (Segment* const further = further_.exchange(nullptr)) {
    for (std::uint32_t i = 1; i * slots < end; ++i) unmap(slots, further[i]);
    std::free(static_cast<void*>(further));
  }
}

// What is issued from these ids next time has to lie above all that was issued this time.
void Volume::floors(std::uint32_t* handles, std::uint32_t* tokens) const noexcept {
  for (std::uint32_t index = 1; index < end(); ++index) {
    const At slot = at(index);
    *handles = std::max(*handles, generation(slot.slot->handle.load(std::memory_order_relaxed)) + 1);
    *tokens = std::max(*tokens, generation(slot.record->token.load(std::memory_order_relaxed)) + 1);
  }
}

const Volume::Segment& Volume::further_segment(std::uint32_t index) const noexcept {
  return further_.load(std::memory_order_acquire)[index / (mask_.load(std::memory_order_relaxed) + 1)];
}

At Volume::at_in_further_segment(std::uint32_t index) const noexcept {
  const Segment& segment = further_segment(index);
  const std::uint32_t within = index & mask_.load(std::memory_order_relaxed);
  return {offset_by(segment.slots.load(std::memory_order_acquire), std::size_t{within} * stride_),
          segment.records + within, first_place() | index};
}

Kin& Volume::kin(std::uint32_t index) const noexcept {
  const std::uint32_t mask = mask_.load(std::memory_order_relaxed);
  return index <= mask ? kin_[index] : further_segment(index).kin[index & mask];
}

bool Volume::add_segment(std::uint32_t index) noexcept {
  const std::uint32_t slots = mask_.load(std::memory_order_relaxed) + 1;
  if (!further_.load(std::memory_order_relaxed)) {
    void* const directory = std::calloc(kSlots / slots, sizeof(Segment));
    if (!directory) return false;
    further_.store(static_cast<Segment*>(directory), std::memory_order_release);
  }
  Segment& segment = further_.load(std::memory_order_relaxed)[index / slots];
  return segment.slots.load(std::memory_order_relaxed) || map(slots, &segment);
}

tally_status Volume::take_block(std::uint32_t lane, std::uint32_t* first, std::uint32_t* end) noexcept {
  *first = *end = end_.load(std::memory_order_relaxed);
  if (*first >= kSlots) return TALLY_LIMIT_REACHED;
  if (*first > mask_.load(std::memory_order_relaxed) && !add_segment(*first)) return TALLY_OUT_OF_MEMORY;
  *end = std::min(*first - *first % kBlock + kBlock, kSlots);
  for (std::uint32_t index = *first; index < *end; ++index) {
    const At fresh = at(index);
    fresh.slot->handle.store(as_gone(make_word(handle_table_, handle_floor_ - 1, index)),
                             std::memory_order_relaxed);
    fresh.record->token.store(as_gone(make_word(token_table_, token_floor_ - 1, index)),
                              std::memory_order_relaxed);
    fresh.record->lane = lane;
  }
  end_.store(*end, std::memory_order_release);
  return TALLY_OK;
}

}  // namespace tally::runtime
