// What happens to slots off the path of a call: starting, growing, creating and destroying where other
// threads take part.
#include "tally/runtime/table.hpp"

#include <sys/mman.h>

#include <bit>
#include <cstdlib>

// Under AddressSanitizer: objects in slots point to memory that is not leaked as long as they live.
extern "C" [[gnu::weak]] void __lsan_register_root_region(const void* start, std::size_t size);
extern "C" [[gnu::weak]] void __lsan_unregister_root_region(const void* start, std::size_t size);

namespace tally::runtime {
namespace {

constexpr std::uint32_t kBlock = 64;  // slots that a lane takes at once
constexpr std::size_t kSegmentBytes = std::size_t{128} << 20;
constexpr std::uint32_t kMostSegmentSlots = 1u << 20;
constexpr std::uint32_t kLeastSegmentSlots = kBlock * 4;

// Address space, of which only what is touched becomes memory. Null when there is none left.
Slot* map_slots(std::size_t bytes) {
  void* const memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  if (__lsan_register_root_region) __lsan_register_root_region(memory, bytes);
  return static_cast<Slot*>(memory);
}

void unmap_slots(Slot* slots, std::size_t bytes) {
  if (!slots) return;
  if (__lsan_unregister_root_region) __lsan_unregister_root_region(slots, bytes);
  munmap(slots, bytes);
}

}  // namespace

constinit std::ptrdiff_t thread_offset = 0;
constinit const std::uint32_t* load_epoch = nullptr;

// --- Segments
// ---------------------------------------------------------------------------------------------------------------

Slot* TableBase::slot_of(Word word) const noexcept {
  const std::uint32_t index = slot_index(word);
  return index != 0 && index < next_slot_.load(std::memory_order_acquire) ? slot_at(index) : nullptr;
}

Slot* TableBase::slot_in_further_segment(std::uint32_t index) const noexcept {
  const std::uint32_t mask = mask_.load(std::memory_order_relaxed);
  std::atomic<Slot*>* const further = further_.load(std::memory_order_acquire);
  Slot* const segment = further ? further[index / (mask + 1)].load(std::memory_order_acquire) : nullptr;
  return segment ? offset_by(segment, static_cast<std::size_t>(index & mask) * stride_) : nullptr;
}

tally_status TableBase::start(Interface& interface) noexcept {
  const tally_core& core = *interface.core();
  std::uint32_t slots = std::bit_floor(static_cast<std::uint32_t>(kSegmentBytes / stride_));
  if (slots > kMostSegmentSlots) slots = kMostSegmentSlots;
  if (slots < kLeastSegmentSlots) slots = kLeastSegmentSlots;
  Slot* first = map_slots(std::size_t{slots} * stride_);
  while (!first && slots > kLeastSegmentSlots) {
    slots /= 2;
    first = map_slots(std::size_t{slots} * stride_);
  }
  if (!first) return TALLY_OUT_OF_MEMORY;

  const std::uint32_t token_kind = rule_ == Rule::anyone ? TALLY_TABLE_BLOBS : TALLY_TABLE_TOKENS;
  handle_table_ = core.table_add(interface.provider(), class_index_, TALLY_TABLE_HANDLES, &handle_floor_);
  token_table_ = core.table_add(interface.provider(), class_index_, token_kind, &token_floor_);
  std::uint32_t ordinal = 0;
  tally_status status = core.lane_add(interface.provider(), class_index_, &ordinal);
  if (status == TALLY_OK && (!handle_table_ || !token_table_)) status = TALLY_LIMIT_REACHED;
  if (status != TALLY_OK) {
    unmap_slots(first, std::size_t{slots} * stride_);
    return status;
  }
  first->thread.store(Slot::kNoThread, std::memory_order_relaxed);
  ordinal_.store(ordinal, std::memory_order_relaxed);
  base_.store(first, std::memory_order_relaxed);
  mask_.store(slots - 1, std::memory_order_release);
  next_slot_.store(1, std::memory_order_release);
  return TALLY_OK;
}

void TableBase::stop() noexcept {
  const tally_core& core = *interface_.core();
  const std::uint32_t slots = mask_.load(std::memory_order_relaxed) + 1;
  const std::uint32_t end = next_slot_.load(std::memory_order_relaxed);
  if (end == 0) return;  // never started
  std::uint32_t handle_floor = handle_floor_;
  std::uint32_t token_floor = token_floor_;
  for (std::uint32_t index = 1; index < end; ++index) {
    const Slot& slot = *slot_at(index);
    handle_floor = std::max(handle_floor, generation(slot.handle.load(std::memory_order_relaxed)) + 1);
    token_floor = std::max(token_floor, generation(slot.token.load(std::memory_order_relaxed)) + 1);
  }
  core.lane_remove(ordinal_.exchange(UINT32_MAX));
  core.table_remove(handle_table_, handle_floor);
  core.table_remove(token_table_, token_floor);
  next_slot_.store(0, std::memory_order_release);
  mask_.store(0, std::memory_order_release);
  unmap_slots(base_.exchange(&no_slot), std::size_t{slots} * stride_);
  if (std::atomic<Slot*>* const further = further_.exchange(nullptr)) {
    for (std::uint32_t i = 1; i * slots < end; ++i)
      unmap_slots(further[i].load(), std::size_t{slots} * stride_);
    std::free(static_cast<void*>(further));
  }
  for (Lane* lane = lanes_.exchange(nullptr); lane;) delete std::exchange(lane, lane->next);
}

bool TableBase::add_segment(std::uint32_t index) noexcept {
  const std::uint32_t slots = mask_.load(std::memory_order_relaxed) + 1;
  if (!further_.load(std::memory_order_relaxed)) {
    void* const directory = std::calloc(kSlots / slots, sizeof(std::atomic<Slot*>));
    if (!directory) return false;
    further_.store(static_cast<std::atomic<Slot*>*>(directory), std::memory_order_release);
  }
  Slot* const segment = map_slots(std::size_t{slots} * stride_);
  if (!segment) return false;
  further_.load(std::memory_order_relaxed)[index / slots].store(segment, std::memory_order_release);
  return true;
}

// --- Lanes
// ------------------------------------------------------------------------------------------------------------------

Slot* TableBase::reserve_slowly(tally_status* status) noexcept {
  Lane* lane = this_lane();
  if (!lane) *status = attach_lane(&lane);
  if (!lane) return nullptr;
  drain(*lane, Drain::free_slots);
  if (lane->free == 0) *status = refill(*lane);
  return lane->free != 0 ? take_free(*lane) : nullptr;
}

tally_status TableBase::attach_lane(Lane** lane) noexcept {
  tally_status status = interface_.start();
  if (status != TALLY_OK) return status;
  const std::lock_guard locked(lock_);
  if (next_slot_.load(std::memory_order_relaxed) == 0) status = start(interface_);
  if (status != TALLY_OK) return status;
  const tally_core& core = *interface_.core();
  tally_thread* const thread = core.thread_attach();
  if (!thread) return TALLY_OUT_OF_MEMORY;
  const std::uint32_t ordinal = ordinal_.load(std::memory_order_relaxed);
  status = core.lane_reserve(ordinal);
  if (status != TALLY_OK) return status;
  *lane = take_over_lane(thread->identity);
  if (!*lane) return TALLY_OUT_OF_MEMORY;
  thread->lanes[ordinal] = *lane;
  return TALLY_OK;
}

Lane* TableBase::take_over_lane(std::uint64_t thread) noexcept {
  for (Lane* lane = lanes_.load(std::memory_order_relaxed); lane; lane = lane->next) {
    if (lane->thread.load(std::memory_order_relaxed) == 0) {
      lane->thread.store(thread, std::memory_order_relaxed);
      return lane;
    }
  }
  Lane* const lane = new (std::nothrow) Lane;
  if (!lane) return nullptr;
  lane->thread.store(thread, std::memory_order_relaxed);
  lane->next = lanes_.load(std::memory_order_relaxed);
  lanes_.store(lane, std::memory_order_release);
  return lane;
}

void TableBase::end_lane(Lane& lane) noexcept {
  drain(lane, Drain::destructors);
  const std::lock_guard locked(lock_);
  lane.thread.store(0, std::memory_order_relaxed);
}

tally_status TableBase::refill(Lane& lane) noexcept {
  const std::lock_guard locked(lock_);
  const std::uint32_t first = next_slot_.load(std::memory_order_relaxed);
  if (first >= kSlots) return TALLY_LIMIT_REACHED;
  const std::uint32_t end = first - first % kBlock + kBlock;
  if (first > mask_.load(std::memory_order_relaxed) && !slot_in_further_segment(first) &&
      !add_segment(first)) {
    return TALLY_OUT_OF_MEMORY;
  }
  link_block(lane, first, end);
  next_slot_.store(end, std::memory_order_release);
  return TALLY_OK;
}

void TableBase::link_block(Lane& lane, std::uint32_t first, std::uint32_t end) noexcept {
  for (std::uint32_t index = end; index-- > first;) {
    Slot& slot = *slot_at(index);
    slot.handle.store(flip(make_word(handle_table_, handle_floor_ - 1, index)), std::memory_order_relaxed);
    slot.token.store(flip(make_word(token_table_, token_floor_ - 1, index)), std::memory_order_relaxed);
    slot.lane = &lane;
    slot.next_free = lane.free;
    lane.free = index;
  }
}

// --- Destroying
// -------------------------------------------------------------------------------------------------------------

tally_status TableBase::destroy_within(Call call, const char* parameter, Word token) noexcept {
  if (token == 0) return TALLY_OK;
  Slot* const slot = slot_of(token);
  if (slot && slot->token.load(std::memory_order_relaxed) == token && is_good(*slot, token)) {
    if (!is_called_by_its_thread(*slot)) return destroy_for_other_thread(call, parameter, *slot, token);
    if (rule_ == Rule::confined) return retire(call, *slot, token);
    Word expected = token;
    if (slot->token.compare_exchange_strong(expected, flip(token))) return retire(call, *slot, token);
  }
  return refuse(call, *this, parameter, token, Wanted::token);
}

tally_status TableBase::retire(Call call, Slot& slot, Word token) noexcept {
  Lane* lane = this_lane();
  if (!lane) attach_lane(&lane);  // for the history; without memory it goes without
  const Word last = slot.handle.load(std::memory_order_relaxed);
  revoke(slot, is_live_in(last, slot_index(token)) ? last : flip(last), token, lane, call.caller);
  const tally_status status = finish(call, slot);
  if (lane && slot.lane == lane) {
    lane->retired.add(1);
    put_free(slot);
  } else {
    slot.lane->retired_by_others.fetch_add(1, std::memory_order_relaxed);
    send_home(slot);
  }
  return status;
}

tally_status TableBase::finish(Call call, Slot& slot) noexcept {
  return guard(call, [&] {
    finish_(storage(slot));
    return TALLY_OK;
  });
}

// The object's thread has ended: nobody else can be inside, so it is destroyed here. Otherwise its handle is
// revoked, and its thread runs the destructor when it next creates, or ends, or collects.
tally_status TableBase::destroy_for_other_thread(Call call, const char* parameter, Slot& slot,
                                                 Word token) noexcept {
  Word handle = slot.handle.load(std::memory_order_relaxed);
  if (!is_live_in(handle, slot_index(token)) || !slot.handle.compare_exchange_strong(handle, flip(handle))) {
    return refuse(call, *this, parameter, token, Wanted::token);
  }
  if (interface_.core()->thread_is_alive(slot.thread.load(std::memory_order_relaxed))) {
    Lane* lane = this_lane();
    if (!lane) attach_lane(&lane);
    if (lane) {
      lane->remember(handle, token, slot.created.load(std::memory_order_relaxed), site_of(call.caller));
    }
    slot.lane->deferred.fetch_add(1, std::memory_order_relaxed);
    interface_.add_waiting(1);
    return_to_lane(slot);
    return TALLY_DEFERRED;
  }
  return retire(call, slot, token);
}

void TableBase::send_home(Slot& slot) noexcept {
  slot.thread.store(Slot::kFinished, std::memory_order_relaxed);
  return_to_lane(slot);
}

void TableBase::return_to_lane(Slot& slot) noexcept {
  Lane& lane = *slot.lane;
  const std::uint32_t index = slot_index(flip(slot.handle.load(std::memory_order_relaxed)));
  std::uint32_t head = lane.returned.load(std::memory_order_relaxed);
  do {
    slot.next_returned.store(head, std::memory_order_relaxed);
  } while (!lane.returned.compare_exchange_weak(head, index, std::memory_order_release,
                                                std::memory_order_relaxed));
}

void TableBase::drain(Lane& lane, Drain what) noexcept {
  std::uint32_t index = lane.returned.exchange(Slot::kEndOfList, std::memory_order_acquire);
  while (index != Slot::kEndOfList) {
    Slot& slot = *slot_at(index);
    index = slot.next_returned.exchange(0, std::memory_order_relaxed);
    const Word token = slot.token.load(std::memory_order_relaxed);
    const std::uint32_t own_index = slot_index(flip(slot.handle.load(std::memory_order_relaxed)));
    if (slot.thread.load(std::memory_order_relaxed) == Slot::kFinished) {
      put_free(slot);
    } else if (is_live_in(token, own_index)) {
      what == Drain::destructors ? finish_deferred(lane, slot, token) : return_to_lane(slot);
    }
  }
}

void TableBase::finish_deferred(Lane& lane, Slot& slot, Word token) noexcept {
  slot.token.store(flip(token), std::memory_order_relaxed);
  lane.deferred.fetch_sub(1, std::memory_order_relaxed);
  interface_.add_waiting(UINT32_MAX);  // one less
  const Function function{interface_, "a deferred destroy"};
  finish(Call{function, nullptr}, slot);
  lane.retired.add(1);
  put_free(slot);
}

std::uint64_t TableBase::collect() noexcept {
  std::uint64_t count = 0;
  for (Lane* lane = lanes_.load(std::memory_order_acquire); lane; lane = lane->next) {
    const std::uint64_t before = lane->deferred.load(std::memory_order_relaxed);
    if (before == 0) continue;
    const bool is_orphan = adopt(*lane);
    if (!is_orphan && lane->thread.load(std::memory_order_relaxed) != this_thread().identity) continue;
    drain(*lane, Drain::destructors);
    count += before - lane->deferred.load(std::memory_order_relaxed);
    if (is_orphan) lane->thread.store(0, std::memory_order_release);
  }
  return count;
}

// Takes a lane that no thread has, so that none takes it over meanwhile.
bool TableBase::adopt(Lane& lane) noexcept {
  const std::lock_guard locked(lock_);
  if (lane.thread.load(std::memory_order_relaxed) != 0) return false;
  lane.thread.store(this_thread().identity, std::memory_order_relaxed);
  return true;
}

Word TableBase::transfer(Slot& slot, const void* caller) noexcept {
  const Word old = slot.token.load(std::memory_order_relaxed);
  if (generation(old) == kLastGeneration) return 0;
  if (Lane* const lane = this_lane()) {
    lane->remember(0, old, slot.created.load(std::memory_order_relaxed), site_of(caller));
  }
  slot.token.store(old + kOneGeneration, std::memory_order_relaxed);
  return old + kOneGeneration;
}

// The generation that was skipped stays skipped if the old word is transferred again: words are compared, and
// this one never left.
void TableBase::untransfer(Slot& slot, Word token) noexcept {
  slot.token.store(token, std::memory_order_relaxed);
  if (Lane* const lane = this_lane()) lane->forget_transfer(token);
}

// --- What a word is
// -----------------------------------------------------------------------------------------------------------

Word TableBase::handle_of(Word word) const noexcept {
  const Slot* const slot = slot_of(word);
  return slot && is_good(*slot, word) ? slot->handle.load(std::memory_order_relaxed) : 0;
}

void TableBase::inspect(Word word, tally_word_state* out) const noexcept {
  *out = {};
  const Slot* const slot = slot_of(word);
  const bool is_token = table_id(word) == token_table_;
  if (!slot || (!is_token && table_id(word) != handle_table_)) {
    out->status = TALLY_NEVER_ISSUED;
    return;
  }
  const Word current = (is_token ? slot->token : slot->handle).load(std::memory_order_relaxed);
  const Word handle = slot->handle.load(std::memory_order_relaxed);
  const bool is_live = is_live_in(handle, slot_index(word));
  const std::uint32_t floor = is_token ? token_floor_ : handle_floor_;
  if (generation(word) > generation(current) || generation(word) < floor) {
    out->status = TALLY_NEVER_ISSUED;
  } else if (is_live && word == current) {
    *out = {TALLY_OK, 0, handle, slot->created.load(std::memory_order_relaxed), 0};
  } else if (!recall(word, out)) {
    out->status = is_token ? TALLY_ALREADY_DESTROYED : TALLY_STALE_HANDLE;
  }
}

bool TableBase::recall(Word word, tally_word_state* out) const noexcept {
  for (const Lane* lane = lanes_.load(std::memory_order_acquire); lane; lane = lane->next) {
    for (const Retired& entry : lane->history) {
      const Word handle = entry.handle.load(std::memory_order_relaxed);
      const Word token = entry.token.load(std::memory_order_relaxed);
      if (word != handle && word != token) continue;
      // Only a transfer leaves no handle: the object may still live, with another owner.
      const bool given_away = handle == 0;
      out->status = given_away       ? TALLY_NOT_OWNER
                    : word == handle ? TALLY_STALE_HANDLE
                                     : TALLY_ALREADY_DESTROYED;
      out->created = entry.created.load(std::memory_order_relaxed);
      out->retired = entry.retired.load(std::memory_order_relaxed);
      return true;
    }
  }
  return false;
}

// --- The ledger
// -------------------------------------------------------------------------------------------------------------

void TableBase::balance(tally_balance* out) const noexcept {
  *out = {};
  out->module = interface_.module();
  out->class_name = class_name_;
  for (const Lane* lane = lanes_.load(std::memory_order_acquire); lane; lane = lane->next) {
    out->issued += lane->issued.read();
    out->retired += lane->retired.read() + lane->retired_by_others.load(std::memory_order_relaxed);
    out->deferred += lane->deferred.load(std::memory_order_relaxed);
  }
  out->live = out->issued - out->retired - out->deferred;
}

int TableBase::visit_live(tally_entry_visitor visitor, void* user) const noexcept {
  const std::uint32_t end = next_slot_.load(std::memory_order_acquire);
  for (std::uint32_t index = 1; index < end; ++index) {
    const Slot& slot = *slot_at(index);
    const Word handle = slot.handle.load(std::memory_order_relaxed);
    const bool is_live = is_live_in(handle, index);
    const bool is_deferred = !is_live && is_live_in(slot.token.load(std::memory_order_relaxed), index);
    if (!is_live && !is_deferred) continue;
    const tally_entry entry{.module = interface_.module(),
                            .class_name = class_name_,
                            .handle = rule_ == Rule::anyone ? 0
                                      : is_live             ? handle
                                                            : flip(handle),
                            .created = slot.created.load(std::memory_order_relaxed),
                            .thread = slot.thread.load(std::memory_order_relaxed),
                            .deferred = is_deferred ? 1u : 0u,
                            .reserved = 0};
    if (const int stop = visitor(&entry, user)) return stop;
  }
  return 0;
}

}  // namespace tally::runtime
