// Objects that several threads may use: who is inside, whose turn it is, and from when on an object is not
// one thread's alone.
//
// A call notes the object in its thread's record, then looks whether its handle is still good. Whoever ends
// an object revokes its handle, then asks all threads for such notes (is_inside(), which makes the fence for
// both sides). So either the call sees that the object is gone, or its note is seen; then the object ends
// when the note has been taken back, by whoever took it.
//
// As long as only the thread that created an object has used it, `thread` in its slot says so, and that
// thread needs to ask nobody. Any other changes `thread` by compare-and-swap before it looks at the handle;
// the owner ends such an object by the same compare-and-swap, so only one of them gets it.
#include "tally/runtime/table.hpp"

namespace tally::runtime {
namespace {

bool has_noted(const tally_thread& thread, const Slot& slot) {
  for (std::uint32_t i = 0; i < thread.depth; ++i) {
    if (thread.inside[i] == &slot) return true;
  }
  return false;
}

TableBase::Entry::Kept how_to_keep(const tally_thread& thread) {
  using Kept = TableBase::Entry::Kept;
  if (thread.depth < thread.room) return Kept::noted;
  return thread.depth < TALLY_INSIDE_ROOM ? Kept::noted_with_fences : Kept::counted;
}

}  // namespace

// Of an object whose handle has been revoked.
bool TableBase::is_used(const Slot& slot) const noexcept {
  if (!is_shareable()) return false;
  step();
  std::atomic_thread_fence(std::memory_order_seq_cst);  // make_common() has the other
  const tally_thread& thread = this_thread();
  if (slot.thread.load(std::memory_order_relaxed) == thread.identity) return has_noted(thread, slot);
  return interface_.core()->is_inside(&slot) != 0;
}

// For a moment, under the lock, or while a call is under way that consumes the object. A real-time thread,
// which has spent the token meanwhile without the lock, has left another dead word (hand_over()), and that
// stays.
void TableBase::keep_calls_out(At at) const noexcept {
  Word handle = at.slot->handle.load(std::memory_order_relaxed);
  step();
  if (is_live_in(handle, at.index())) at.slot->handle.compare_exchange_strong(handle, as_gone(handle));
}

void TableBase::let_calls_in(At at) const noexcept {
  const Word live = last_issued(at.slot->handle.load(std::memory_order_relaxed), at.index());
  step();
  Word gone = as_gone(live);
  at.slot->handle.compare_exchange_strong(gone, live);
}

// From here on its owner asks the others, too, before it ends the object. False if it has just ended it.
bool TableBase::make_common(Slot& slot) const noexcept {
  if (!is_shareable()) return true;
  std::uint64_t owner = slot.thread.load(std::memory_order_relaxed);
  for (;;) {
    if (Slot::has_ended(owner)) return false;
    if ((owner & Slot::kHandedOver) != 0 || owner == this_thread().identity) return true;
    step();
    const std::uint64_t common = rule() == Rule::exclusive ? owner | Slot::kHandedOver : Slot::kAnyThread;
    if (slot.thread.compare_exchange_weak(owner, common)) return true;
  }
}

// Of an exclusive object, which is this thread's until another one calls it. That the last one is still
// inside is found out before and after: before, so that its own calls are not disturbed; after, since it may
// have entered meanwhile.
tally_status TableBase::take_turn(Call call, const char* parameter, Slot& slot) noexcept {
  const tally_core& core = *interface_.core();
  const std::uint64_t own = this_thread().identity | Slot::kHandedOver;
  std::uint64_t owner = slot.thread.load(std::memory_order_relaxed);
  for (;;) {
    if (Slot::has_ended(owner)) return TALLY_STALE_HANDLE;
    if ((owner | Slot::kHandedOver) == own) return TALLY_OK;
    const std::uint64_t last = owner & ~Slot::kHandedOver;
    if (core.thread_is_inside(last, &slot)) return concurrent_use(call, parameter, class_name_);
    step();
    if (!slot.thread.compare_exchange_weak(owner, own)) continue;
    step();
    if (!core.thread_is_inside(last, &slot)) return TALLY_OK;
    std::uint64_t mine = own;
    slot.thread.compare_exchange_strong(mine, owner | Slot::kHandedOver);
    return concurrent_use(call, parameter, class_name_);
  }
}

// The object had this live handle; it may end at any time before it is entered.
tally_status TableBase::enter_at(Call call, const char* parameter, At at, Word handle,
                                 Entry* entry) noexcept {
  tally_thread* const thread = interface_.core()->thread_attach();
  if (!thread) return exhausted(call, TALLY_OUT_OF_MEMORY);
  *entry = {at.slot, handle, thread->depth, how_to_keep(*thread)};
  if (entry->kept == Entry::Kept::counted) {
    const std::lock_guard locked(interface_);
    count_inside(*at.slot, 1);
  } else {
    note(*thread, entry->depth, at.slot);
    if (entry->kept == Entry::Kept::noted_with_fences) std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  tally_status status = TALLY_OK;
  if (rule() == Rule::exclusive) {
    status = take_turn(call, parameter, *at.slot);
  } else if (!make_common(*at.slot)) {
    status = TALLY_STALE_HANDLE;
  }
  step();
  // Also if it is another object in the slot that is in use.
  const bool is_good = at.slot->handle.load(std::memory_order_acquire) == handle;
  if ((status == TALLY_OK || status == TALLY_CONCURRENT_USE) && !is_good) status = TALLY_STALE_HANDLE;
  if (status < 0) leave(std::exchange(*entry, {}));
  return status;
}

// The object that calls can enter with this word; none if there is none just now. An owner that ends its
// object and makes another in its slot takes no lock: so the handle is of this word's object only if the word
// is good before and after.
At TableBase::live_to_enter(Word word, Word* its_handle) const noexcept {
  const At at = live_at(word);
  if (!at) return {};
  step();
  *its_handle = at.slot->handle.load(std::memory_order_acquire);
  const bool is_live = is_live_in(*its_handle, at.index()) &&
                       !Slot::has_ended(at.slot->thread.load(std::memory_order_acquire)) && live_at(word);
  return is_live ? at : At{};
}

// What is found live may be kept from calls for a moment, by a try_destroy that comes to nothing: under the
// lock that is over. Under the lock, too, a word is refused for what it is: a token that is being transferred
// may soon be good again. The first look is without: most often it is enough.
tally_status TableBase::enter(Call call, const char* parameter, const void* pointer, Entry* entry) noexcept {
  const Word word = word_of(pointer);
  Word handle = 0;
  At at = live_to_enter(word, &handle);
  for (;;) {
    if (at) {
      step();
      const tally_status status = enter_at(call, parameter, at, handle, entry);
      if (status != TALLY_STALE_HANDLE) return status;
    }
    const std::lock_guard locked(interface_);
    at = live_to_enter(word, &handle);
    if (!at) return refuse_object(call, parameter, pointer);
  }
}

// The root need not be live itself: its children keep it. So it does not matter if it is revoked meanwhile.
tally_status TableBase::enter_family(Call call, const char* parameter, const void* pointer, TableBase** root,
                                     Entry* entry) noexcept {
  TableBase* table = this;
  Place place = place_of(pointer);
  while (table->rule() == Rule::with_parent) {
    place = table->kin_of(place).parent;
    table = interface_.volume(volume_of(place)).table;
  }
  const At at = table->at_place(place);
  *root = table;
  tally_status status = TALLY_OK;
  do {
    status = table->enter_at(call, parameter, at, at.slot->handle.load(std::memory_order_relaxed), entry);
  } while (status == TALLY_STALE_HANDLE);
  return status;
}

void TableBase::leave(const Entry& entry) noexcept {
  if (entry.kept == Entry::Kept::counted) {
    const std::lock_guard locked(interface_);
    count_inside(*entry.slot, kOneLess);
  } else {
    unnote(this_thread(), entry.depth);
    if (entry.kept == Entry::Kept::noted_with_fences) std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  if (entry.slot->handle.load(std::memory_order_relaxed) != entry.handle) settle_left(entry.handle);
}

void TableBase::settle_noted(At at) noexcept {
  if (!is_pending_in(at.record->token.load(std::memory_order_relaxed), at.index())) return;
  if (is_realtime()) return leave_to_others();
  const std::lock_guard locked(interface_);
  settle(at);
}

}  // namespace tally::runtime
