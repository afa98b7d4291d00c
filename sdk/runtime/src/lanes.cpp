// A table's lanes: a thread's first creation, its end, and what other threads return to it.
#include <new>

#include "tally/runtime/table.hpp"

namespace tally::runtime {

tally_status TableBase::attach_lane(Lane** lane) noexcept {
  tally_status status = interface_.start();
  if (status != TALLY_OK) return status;
  const std::lock_guard locked(lock_);
  if (!first_.is_started()) status = start(interface_);
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
  const std::uint32_t count = lane_count_.load(std::memory_order_relaxed);
  for (std::uint32_t number = 0; number < count; ++number) {
    Lane& each = lane(number);
    if (each.thread.load(std::memory_order_relaxed) != 0) continue;
    each.thread.store(thread, std::memory_order_relaxed);
    return &each;
  }
  Lane* const added = add_lane();
  if (added) added->thread.store(thread, std::memory_order_relaxed);
  return added;
}

Lane* TableBase::add_lane() noexcept {
  const std::uint32_t number = lane_count_.load(std::memory_order_relaxed);
  const std::uint32_t block = 31u - static_cast<std::uint32_t>(__builtin_clz(number + 1));
  if (block >= kLaneBlocks) return nullptr;
  if (!lane_blocks_[block].load(std::memory_order_relaxed)) {
    Lane* const lanes = new (std::nothrow) Lane[std::size_t{1} << block];
    if (!lanes) return nullptr;
    lane_blocks_[block].store(lanes, std::memory_order_release);
  }
  Lane& added = lane(number);
  added.number = number;
  lane_count_.store(number + 1, std::memory_order_release);
  return &added;
}

// A lane to remember with: this thread's, or, without memory for one, none.
Lane* TableBase::any_lane() noexcept {
  Lane* lane = this_lane();
  if (!lane) attach_lane(&lane);
  return lane;
}

void TableBase::end_lane(Lane& lane) noexcept {
  {
    const std::lock_guard locked(interface_);
    drain(lane, Drain::destructors);
  }
  const std::lock_guard locked(lock_);
  lane.thread.store(0, std::memory_order_relaxed);
}

void TableBase::return_to(std::atomic<Place>& list, Place place, std::atomic<Place>& next) noexcept {
  Place head = list.load(std::memory_order_relaxed);
  do {
    next.store(head, std::memory_order_relaxed);
  } while (!list.compare_exchange_weak(head, place, std::memory_order_release, std::memory_order_relaxed));
}

void TableBase::drain(Lane& lane, Drain what) noexcept {
  Place place = lane.returned.exchange(Lane::kEndOfList, std::memory_order_acquire);
  while (place != Lane::kEndOfList) {
    Reference* const reference = reference_at(place);
    std::atomic<Place>& next = reference ? reference->next : at_place(place).record->next;
    const Place following = next.load(std::memory_order_relaxed);
    if (!drain_one(lane, place, what)) return_to(lane.returned, place, next);
    place = following;
  }
}

// False if it has to wait.
bool TableBase::drain_one(Lane& lane, Place place, Drain what) noexcept {
  Reference* const reference = reference_at(place);
  const Place object = reference ? reference->object.load(std::memory_order_relaxed) : place;
  if (reference && object == kNowhere) return drain_gone(lane, *reference, place, what);
  const At at = at_place(object);
  if (!reference && at.slot->thread.load(std::memory_order_relaxed) == Slot::kFinished) {
    put_free(at, lane);
    return true;
  }
  if (what == Drain::free_slots) return false;
  const Claim claim{at, reference, reference ? place : kNowhere};
  lane.deferred.fetch_sub(1, std::memory_order_relaxed);
  interface_.add_waiting(UINT32_MAX);  // one less
  const Function function{interface_, "a deferred destroy"};
  retire(Call{function, nullptr}, nullptr, claim, claim.token().load(std::memory_order_relaxed),
         Manner::always);
  return true;
}

// A reference that another thread has spent: with its object, or before that has ended with its parent.
bool TableBase::drain_gone(Lane& lane, Reference& reference, Place place, Drain what) noexcept {
  if (!is_returned_in(reference.token.load(std::memory_order_relaxed), index_of(place))) {
    put_free(reference, place, lane);
    return true;
  }
  if (what == Drain::free_slots) return false;
  reference.token.store(
      as_gone(last_issued(reference.token.load(std::memory_order_relaxed), index_of(place))),
      std::memory_order_relaxed);
  lane.deferred.fetch_sub(1, std::memory_order_relaxed);
  lane.retired.add(1);
  interface_.add_waiting(UINT32_MAX);  // one less
  put_free(reference, place, lane);
  return true;
}

std::uint64_t TableBase::collect() noexcept {
  if (is_realtime()) return 0;
  std::uint64_t ran = end_handed_over();
  const std::uint32_t count = lane_count_.load(std::memory_order_acquire);
  for (std::uint32_t number = 0; number < count; ++number) {
    Lane& each = lane(number);
    const std::uint64_t before = each.deferred.load(std::memory_order_relaxed);
    if (before == 0) continue;
    const bool is_orphan = adopt(each);
    if (!is_orphan && each.thread.load(std::memory_order_relaxed) != this_thread().identity) continue;
    {
      const std::lock_guard locked(interface_);
      drain(each, Drain::destructors);
    }
    const std::uint64_t after = each.deferred.load(std::memory_order_relaxed);
    ran += after < before ? before - after : 0;
    if (is_orphan) each.thread.store(0, std::memory_order_release);
  }
  return ran;
}

// Takes a lane that no thread has, so that none takes it over meanwhile.
bool TableBase::adopt(Lane& lane) noexcept {
  const std::lock_guard locked(lock_);
  if (lane.thread.load(std::memory_order_relaxed) != 0) return false;
  lane.thread.store(this_thread().identity, std::memory_order_relaxed);
  return true;
}

}  // namespace tally::runtime
