// A slot table: all objects of one class in one module. Finds the object that a word names, creates,
// destroys, transfers.
//
// Slots lie in segments that never move. A word leads to its slot by shift and mask, and is accepted by
// comparison with what the slot last issued; everything else about a word is found out after it has been
// refused.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <type_traits>
#include <utility>

#include "tally/core.h"
#include "tally/runtime/call.hpp"
#include "tally/runtime/lane.hpp"
#include "tally/runtime/slot.hpp"

namespace tally::runtime {

/// Who may destroy.
enum class Rule {
  confined,  ///< the thread that created; others' destroys are deferred to it
  anyone,    ///< any thread, one at a time: blobs
};

/// From the thread pointer to the thread's record; 0 until the module has started.
TALLY_HIDDEN extern std::ptrdiff_t thread_offset;

inline tally_thread& this_thread() noexcept {
  return *reinterpret_cast<tally_thread*>(static_cast<char*>(__builtin_thread_pointer()) + thread_offset);
}

class TableBase {
 public:
  TableBase(const TableBase&) = delete;
  TableBase& operator=(const TableBase&) = delete;

  const char* class_name() const noexcept { return class_name_; }
  std::uint32_t class_index() const noexcept { return class_index_; }
  Interface& interface() const noexcept { return interface_; }
  Rule rule() const noexcept { return rule_; }

  /// Slot for a new object on this thread's lane, its words still dead. Null, and *status, when there is
  /// none.
  Slot* reserve(tally_status* status) noexcept {
    Lane* const lane = this_lane();
    if (lane && lane->free != 0) [[likely]] {
      return take_free(*lane);
    }
    return reserve_slowly(status);
  }

  /// The object in the slot is complete: issues its words and returns the token.
  Word commit(Slot& slot, const void* caller) noexcept {
    slot.thread.store(this_thread().identity, std::memory_order_relaxed);
    slot.created.store(site_of(caller), std::memory_order_relaxed);
    const Word token = flip(slot.token.load(std::memory_order_relaxed)) + kOneGeneration;
    slot.token.store(token, std::memory_order_relaxed);
    slot.handle.store(flip(slot.handle.load(std::memory_order_relaxed)) + kOneGeneration,
                      std::memory_order_release);
    slot.lane->issued.add(1);
    return token;
  }

  /// Nothing came of it.
  void abandon(Slot& slot) noexcept { put_free(slot); }

  /// Consumes a token, whatever its thread and wherever its slot. A null is a no-op. Runs no other
  /// destructors, so that it may be called from inside a call.
  tally_status destroy_within(Call call, const char* parameter, Word token) noexcept;

  /// The old token is retired; the new holder's is returned. The slot is live. 0 when the slot has used up
  /// its tokens.
  Word transfer(Slot& slot, const void* caller) noexcept;
  /// Undoes the last transfer: `token` is good again, the one that it was transferred to is not.
  void untransfer(Slot& slot, Word token) noexcept;

  /// The slot whose live token this is and which this thread may take from; null if it isn't so.
  Slot* owned_slot(Word token) const noexcept {
    Slot* const slot = slot_of(token);
    const bool is_owned = slot && slot->token.load(std::memory_order_relaxed) == token &&
                          is_good(*slot, token) && is_called_by_its_thread(*slot);
    return is_owned ? slot : nullptr;
  }

  /// The slot of the token in an `own` argument; refused with a status if it is none that this thread may
  /// take.
  tally_status own(Call call, const char* parameter, const void* pointer, Slot** slot) const noexcept {
    *slot = owned_slot(word_of(pointer));
    return *slot ? TALLY_OK : refuse(call, *this, parameter, word_of(pointer), Wanted::token);
  }

  /// Destroys the object in an owned slot.
  tally_status retire(Call call, Slot& slot, Word token) noexcept;

  /// The handle of a live word; 0, and an error, if it is none of this table's.
  Word ref(Call call, const void* pointer) const noexcept {
    const Word handle = handle_of(word_of(pointer));
    if (handle == 0) refuse(call, *this, "self", word_of(pointer), Wanted::object);
    return handle;
  }
  /// The same without an error, and for a handle also when the object is gone, so that a key stays a key.
  Word id(const void* pointer) const noexcept {
    const Word word = word_of(pointer);
    return word != 0 && table_id(word) == handle_table_ ? word : handle_of(word);
  }

  // For the ledger. Any thread.
  tally_status start(Interface& interface) noexcept;
  void stop() noexcept;
  void balance(tally_balance* out) const noexcept;
  int visit_live(tally_entry_visitor visitor, void* user) const noexcept;
  void inspect(Word word, tally_word_state* out) const noexcept;
  std::uint64_t collect() noexcept;
  void end_lane(Lane& lane) noexcept;

 protected:
  using Finish = void (*)(void* storage);

  constexpr TableBase(Interface& interface, const char* class_name, std::uint32_t class_index, Rule rule,
                      std::uint32_t stride, std::uint32_t offset, Finish finish_object) noexcept
      : interface_(interface),
        class_name_(class_name),
        finish_(finish_object),
        class_index_(class_index),
        stride_(stride),
        offset_(offset),
        rule_(rule) {}

  /// The slot that a word leads to among the first segment's; before the first creation, one that no word is
  /// equal to.
  template <std::uint32_t kStride>
  Slot& first_segment_slot(Word word) const noexcept {
    const std::uint32_t mask = mask_.load(std::memory_order_acquire);
    return *offset_by(base_.load(std::memory_order_relaxed),
                      static_cast<std::size_t>(static_cast<std::uint32_t>(word) & mask) * kStride);
  }

  /// Back to the list of free slots of its lane, which must be this thread's; a slot that has used up its
  /// generations is retired for good.
  void put_free(Slot& slot) noexcept {
    const Word handle = slot.handle.load(std::memory_order_relaxed);
    const Word token = slot.token.load(std::memory_order_relaxed);
    if (generation(handle) == kLastGeneration || generation(token) == kLastGeneration) [[unlikely]]
      return;
    slot.next_free = slot.lane->free;
    slot.lane->free = slot_index(flip(token));
  }

  static Slot* offset_by(Slot* base, std::size_t bytes) noexcept {
    return reinterpret_cast<Slot*>(reinterpret_cast<char*>(base) + bytes);
  }

  Word handle_of(Word word) const noexcept;

  /// The slot that a word leads to; null if there is none.
  Slot* slot_of(Word word) const noexcept;

  static bool is_this_threads(const Slot& slot) noexcept {
    return slot.thread.load(std::memory_order_relaxed) == this_thread().identity;
  }

  /// Whether the word is good in the slot that it leads to. A token is not when another thread has destroyed
  /// the object and its destructor waits for ours.
  static bool is_good(const Slot& slot, Word word) noexcept {
    const Word handle = slot.handle.load(std::memory_order_acquire);
    return handle == word ||
           (slot.token.load(std::memory_order_relaxed) == word && is_live_in(handle, slot_index(word)));
  }

  bool is_called_by_its_thread(const Slot& slot) const noexcept {
    return rule_ == Rule::anyone || is_this_threads(slot);
  }

  /// Both words are dead, and remembered: from here on the object is nobody's. `handle` and `token` are the
  /// live ones.
  static void revoke(Slot& slot, Word handle, Word token, Lane* lane, const void* caller) noexcept {
    if (lane) lane->remember(handle, token, slot.created.load(std::memory_order_relaxed), site_of(caller));
    slot.handle.store(flip(handle), std::memory_order_release);
    slot.token.store(flip(token), std::memory_order_relaxed);
  }

  void* storage(Slot& slot) const noexcept { return reinterpret_cast<char*>(&slot) + offset_; }

 private:
  Lane* this_lane() const noexcept {
    const tally_thread& thread = this_thread();
    const std::uint32_t ordinal = ordinal_.load(std::memory_order_relaxed);
    return ordinal < thread.lane_count ? static_cast<Lane*>(thread.lanes[ordinal]) : nullptr;
  }

  Slot* take_free(Lane& lane) noexcept {
    Slot* const slot = slot_at(lane.free);
    lane.free = slot->next_free;
    return slot;
  }

  Slot* slot_at(std::uint32_t index) const noexcept {
    return index <= mask_.load(std::memory_order_relaxed)
               ? offset_by(base_.load(std::memory_order_relaxed), static_cast<std::size_t>(index) * stride_)
               : slot_in_further_segment(index);
  }
  Slot* slot_in_further_segment(std::uint32_t index) const noexcept;

  Slot* reserve_slowly(tally_status* status) noexcept;
  tally_status attach_lane(Lane** lane) noexcept;
  Lane* take_over_lane(std::uint64_t thread) noexcept;
  tally_status refill(Lane& lane) noexcept;
  bool add_segment(std::uint32_t index) noexcept;
  void link_block(Lane& lane, std::uint32_t first, std::uint32_t end) noexcept;
  /// What a lane's `returned` list is walked for.
  enum class Drain {
    free_slots,   ///< only slots that others have finished: from inside a call, whose object may be among
                  ///< those that wait
    destructors,  ///< and the destructors that wait for this thread: from outside all calls
  };
  void drain(Lane& lane, Drain what) noexcept;
  void finish_deferred(Lane& lane, Slot& slot, Word token) noexcept;
  bool adopt(Lane& lane) noexcept;
  void return_to_lane(Slot& slot) noexcept;
  void send_home(Slot& slot) noexcept;
  tally_status finish(Call call, Slot& slot) noexcept;
  tally_status destroy_for_other_thread(Call call, const char* parameter, Slot& slot, Word token) noexcept;
  bool recall(Word word, tally_word_state* out) const noexcept;

  // Read by every call.
  std::atomic<Slot*> base_{&no_slot};
  std::atomic<std::uint32_t> mask_{0};
  std::atomic<std::uint32_t> ordinal_{UINT32_MAX};

  Interface& interface_;
  const char* class_name_;
  Finish finish_;
  std::uint32_t class_index_;
  std::uint32_t stride_;
  std::uint32_t offset_;
  Rule rule_;

  // Written when the table starts, grows or stops, under the lock.
  mutable std::mutex lock_;
  std::atomic<std::uint32_t> next_slot_{0};            // slots from here on have never been given to a lane
  std::atomic<std::atomic<Slot*>*> further_{nullptr};  // segments after the first, by number
  std::atomic<Lane*> lanes_{nullptr};
  std::uint32_t handle_table_ = 0;
  std::uint32_t token_table_ = 0;
  std::uint32_t handle_floor_ = 0;
  std::uint32_t token_floor_ = 0;

  /// What every word leads to before the first creation. No thread is its owner.
  static constinit inline Slot no_slot{{0}, {0}, {Slot::kNoThread}, {0}, nullptr, 0, {0}};
};

/// An object that is too large or too strictly aligned to lie in a slot lies behind one.
template <class Object>
struct Boxed {
  Object* object;
  ~Boxed() noexcept(false) { delete object; }  // the author's may throw
};

/// The table of an author's class.
template <class Object>
class Table : public TableBase {
  static constexpr bool kInSlot = sizeof(Object) <= 4096 && alignof(Object) <= 64;
  using Stored = std::conditional_t<kInSlot, Object, Boxed<Object>>;

  static constexpr std::size_t round_up(std::size_t size, std::size_t to) {
    return (size + to - 1) / to * to;
  }
  static constexpr std::size_t kAlignment = alignof(Stored) > alignof(Slot) ? alignof(Stored) : alignof(Slot);
  static constexpr std::uint32_t kOffset = round_up(sizeof(Slot), alignof(Stored));
  // A small slot lies in one cache line.
  static constexpr std::uint32_t kStride =
      kOffset + sizeof(Stored) <= 64 ? 64 : round_up(kOffset + sizeof(Stored), kAlignment);

 public:
  constexpr Table(Interface& interface, const char* class_name, std::uint32_t class_index,
                  Rule rule = Rule::confined) noexcept
      : TableBase(interface, class_name, class_index, rule, kStride, kOffset, end) {}

  /// The object that a handle or a token names, if this thread may call it; else null.
  Object* find(const void* pointer) const noexcept {
    const Word word = word_of(pointer);
    Slot& slot = first_segment_slot<kStride>(word);
    if (is_good(slot, word) && is_this_threads(slot)) [[likely]] {
      Object* const object = object_in(slot);
      if (!object) __builtin_unreachable();
      return object;
    }
    return find_slowly(word);
  }

  /// Consumes a token, for a caller from outside. A null is a no-op.
  tally_status destroy(Call call, const char* parameter, const void* pointer) noexcept {
    const Word token = word_of(pointer);
    Slot& slot = first_segment_slot<kStride>(token);
    const Word handle = slot.handle.load(std::memory_order_relaxed);
    const bool is_ours = rule() == Rule::confined && slot.token.load(std::memory_order_relaxed) == token &&
                         is_live_in(handle, slot_index(token)) && is_this_threads(slot);
    const tally_status status =
        is_ours ? destroy_here(call, slot, handle, token) : destroy_within(call, parameter, token);
    if (status >= 0) interface().run_deferred();  // a misuse changes nothing
    return status;
  }

  /// Consumes a token only if the destructor can run at once, and zeroes the caller's pointer if it has.
  template <class Opaque>
  tally_status try_destroy(Call call, const char* parameter, Opaque** pointer) noexcept {
    if (!pointer) return null_argument(call, parameter);
    if (!*pointer) return TALLY_OK;
    const Word token = word_of(*pointer);
    if (!owned_slot(token)) return refuse(call, *this, parameter, token, Wanted::token);
    const tally_status status = destroy(call, parameter, *pointer);
    if (status >= 0 || status == TALLY_EXCEPTION) *pointer = nullptr;
    return status;
  }

  /// The same for a parameter: refused with a status if it names none.
  tally_status borrow(Call call, const char* parameter, const void* pointer, Object** object) const noexcept {
    *object = find(pointer);
    return *object ? TALLY_OK : refuse(call, *this, parameter, word_of(pointer), Wanted::object);
  }

  /// The object in a live slot.
  Object* object_in(Slot& slot) const noexcept {
    void* const at = reinterpret_cast<char*>(&slot) + kOffset;
    if constexpr (kInSlot) {
      return std::launder(static_cast<Object*>(at));
    } else {
      return std::launder(static_cast<Stored*>(at))->object;
    }
  }

  /// Creates what `make` returns, in place, and writes its token to *out. On failure *out stays as it is.
  template <class Opaque, class Make>
  tally_status create(Call call, Opaque** out, Make&& make) noexcept {
    tally_status status = TALLY_OK;
    Slot* const slot = reserve(&status);
    if (!slot) return exhausted(call, status);
    status = guard(call, [&] {
      construct(*slot, std::forward<Make>(make));
      return TALLY_OK;
    });
    if (status < 0) {
      abandon(*slot);
      return status;
    }
    *out = as_pointer<Opaque>(commit(*slot, call.caller));
    return TALLY_OK;
  }

 private:
  template <class Make>
  void construct(Slot& slot, Make&& make) {
    void* const at = storage(slot);
    if constexpr (kInSlot) {
      ::new (at) Object(std::forward<Make>(make)());
    } else {
      ::new (at) Stored{new Object(std::forward<Make>(make)())};
    }
  }

  [[gnu::noinline]] Object* find_slowly(Word word) const noexcept {
    Slot* const slot = slot_of(word);
    return slot && is_good(*slot, word) && is_called_by_its_thread(*slot) ? object_in(*slot) : nullptr;
  }

  tally_status destroy_here(Call call, Slot& slot, Word handle, Word token) noexcept {
    Lane& lane = *slot.lane;  // this thread's, since the object is
    revoke(slot, handle, token, &lane, call.caller);
    const tally_status status = guard(call, [&] {
      end(storage(slot));
      return TALLY_OK;
    });
    lane.retired.add(1);
    put_free(slot);
    return status;
  }

  static void end(void* at) { std::launder(static_cast<Stored*>(at))->~Stored(); }
};

}  // namespace tally::runtime
