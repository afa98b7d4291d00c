// A table: all objects of one class in one module. Finds the object that a word names, creates, destroys,
// transfers.
//
// A word leads to its slot by shift and mask, and is accepted by comparison with what the slot last issued;
// everything else about a word is found out after it has been refused.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <type_traits>
#include <utility>

#include "tally/core.h"
#include "tally/runtime/call.hpp"
#include "tally/runtime/lane.hpp"
#include "tally/runtime/memory.hpp"
#include "tally/runtime/references.hpp"
#include "tally/runtime/slot.hpp"
#include "tally/runtime/step.hpp"
#include "tally/runtime/volume.hpp"

namespace tally::runtime {

/// Which threads may use an object.
enum class Rule : std::uint8_t {
  confined,     ///< the one that created it; others' destroys are deferred to it
  exclusive,    ///< any, one at a time
  shared,       ///< any number at once
  with_parent,  ///< any, one at a time among all descendants of the nearest parent that is exclusive
  anyone,       ///< any may destroy it, and nobody calls it: blobs
};

/// What is special about a class.
struct Traits {
  Rule rule = Rule::confined;
  bool is_counted = false;        ///< it has retain: a token for each reference
  bool has_kin = false;           ///< it has a parent, children or views
  bool ends_with_parent = false;  ///< its objects end when their parent is destroyed
  bool is_array = false;          ///< its objects are arrays of another class's
  bool is_view = false;
};

/// A live token, wherever it is kept, and its object.
struct Claim {
  At object;
  Reference* reference = nullptr;  // null: the token is in the object's record
  Place reference_place = kNowhere;

  explicit operator bool() const noexcept { return static_cast<bool>(object); }
  std::atomic<Word>& token() const noexcept { return reference ? reference->token : object.record->token; }
};

class TableBase {
 public:
  TableBase(const TableBase&) = delete;
  TableBase& operator=(const TableBase&) = delete;

  const char* class_name() const noexcept { return class_name_; }
  std::uint32_t class_index() const noexcept { return class_index_; }
  Interface& interface() const noexcept { return interface_; }
  const Traits& traits() const noexcept { return traits_; }
  constexpr Rule rule() const noexcept { return traits_.rule; }
  /// Whether several threads may use an object.
  constexpr bool is_shareable() const noexcept {
    return rule() == Rule::exclusive || rule() == Rule::shared || rule() == Rule::with_parent;
  }
  /// Whether no other objects have a part in the end of one.
  bool ends_simply() const noexcept { return ends_simply_; }
  /// The same, if no other thread has a part in it either.
  bool ends_alone() const noexcept { return ends_alone_; }

  // ---- Creating ----

  /// A slot for a new object on this thread's lane, its words still dead. None, and *status, when there is
  /// none.
  At reserve(tally_status* status) noexcept {
    Lane* const lane = this_lane();
    if (lane && lane->free != kNowhere && !interface_.memory().is_limited()) [[likely]]
      return take_free(*lane);
    return reserve_slowly(status);
  }

  /// The object in the slot, which is of this thread's lane, is complete: issues its words and returns the
  /// token.
  Word commit(At at, Lane& own, const void* caller) noexcept {
    const std::uint32_t index = at.index();
    tally_thread& thread = this_thread();
    at.slot->thread.store(thread.identity, std::memory_order_relaxed);
    at.record->created.store(site_of(caller), std::memory_order_relaxed);
    const Word token = last_issued(at.record->token.load(std::memory_order_relaxed), index) + kOneGeneration;
    at.record->token.store(token, std::memory_order_relaxed);
    at.slot->handle.store(
        last_issued(at.slot->handle.load(std::memory_order_relaxed), index) + kOneGeneration,
        std::memory_order_release);
    own.issued.add(1);
    perhaps_keep_stack(at.record->created, caller, thread);
    return token;
  }

  /// Nothing came of it.
  void abandon(At at, Lane& own) noexcept { put_free(at, own); }

  // ---- Destroying ----

  /// Consumes a token, whatever its thread and wherever its slot. A null is a no-op. Runs no other
  /// destructors than those that follow from it, so that it may be called from inside a call.
  tally_status destroy_within(Call call, const char* parameter, Word token) noexcept;

  /// The same only if the destructor can run at once; otherwise refuses, and nothing has changed.
  tally_status try_destroy_within(Call call, const char* parameter, Word token) noexcept;

  // ---- Owning ----

  /// A transfer: the token `before` is retired, and the new holder's, `given`, is at `now`.
  struct Transfer {
    Claim before;
    Claim now;
    Word given = 0;  ///< 0: nothing has changed
  };
  /// Of the token in an `own` argument, which this thread may take. Otherwise *status and an error: a misuse,
  /// LIMIT_REACHED when there is no token left, OUT_OF_MEMORY. If it `enters`, the object is pinned as well,
  /// until leave().
  Transfer transfer(Call call, const char* parameter, const void* pointer, bool enters,
                    tally_status* status) noexcept;
  /// Undoes it: the old `token` is good again, the new one is not. If the object has ended with its parent
  /// meanwhile, neither is.
  void untransfer(const Transfer& transfer, Word token) noexcept;

  /// The object that a call consumes, whose token `pointer` is, pinned until leave(); one that several
  /// threads may use can't be called meanwhile, and is not taken while a call is inside or a view is open.
  /// None, and *status with an error, if it isn't so.
  Claim begin_consuming(Call call, const void* pointer, tally_status* status) noexcept;
  /// It was consumed, and ends, unless it has been destroyed meanwhile; in place of leave().
  void end_consumed(Call call, const Claim& claim, Word token) noexcept;
  /// It was not consumed.
  void resume(const Claim& claim, Word token) noexcept;

  /// One more token of an object, wherever its slot and whatever its rule; 0, and an error.
  Word retain_within(Call call, const void* pointer) noexcept;

  // ---- Kin ----

  /// The place of the object that a live word names. For an object that a call has just found.
  Place place_of(const void* pointer) const noexcept { return at_of(word_of(pointer)).place; }
  /// That of its parent.
  Place parent_of(const void* pointer) const noexcept { return kin_of(place_of(pointer)).parent; }

  /// commit() of a child, in one step with joining its parent; or an error: the parent has been destroyed
  /// meanwhile, or, of a view, a call is moving what it would show.
  tally_status join(Call call, At child, Lane& lane_of_child, Place parent, Word* token) noexcept;
  /// Refused (BORROWED) while the object has open views, or, if `also_inside`, calls inside: that is for a
  /// call that consumes, whose word has to be a token.
  tally_status check_is_free(Call call, const void* pointer, bool also_inside) const noexcept;

  /// While a call is under way that moves the object's memory, and that can come back or is not alone: no
  /// view of it is opened, until as many allow it. Refused (BORROWED) while views are open.
  tally_status hold_views(Call call, const void* pointer) noexcept;
  void allow_views(Place place) noexcept;
  /// Refused (BORROWED) while views are held.
  tally_status check_is_still(Call call, Place place) const noexcept;

  // ---- Calls that can be re-entered ----

  /// Lets go of what transfer() or begin_consuming() has pinned.
  void leave(At at) noexcept {
    const std::lock_guard locked(interface_);
    const bool is_live = is_live_in(at.slot->handle.load(std::memory_order_relaxed), at.index());
    count_inside(*at.slot, kOneLess);
    if (at.slot->inside == 0 && !is_live) [[unlikely]]
      settle(at);
  }
  /// Of a confined object: with less to keep during the call, the slot and the live handle that it had when
  /// the call entered it.
  void leave(Slot& slot, Word handle) noexcept {
    if (--slot.inside == 0 && slot.handle.load(std::memory_order_relaxed) != handle) [[unlikely]]
      settle_left(handle);
  }
  /// A call has left an object that has been destroyed meanwhile: if it was the last, the object ends.
  [[gnu::cold]] void settle_left(Word handle) noexcept;
  /// The slot of a word that is good for this thread to call; none if it isn't.
  At callable(const void* pointer) const noexcept {
    const At at = live_at(word_of(pointer));
    return at && is_called_by_its_thread(*at.slot) ? at : At{};
  }

  // ---- Calls of objects that several threads may use. sharing.cpp ----

  /// A call that is inside: the object's slot and live handle, and how it is noted.
  struct Entry {
    Slot* slot = nullptr;
    Word handle = 0;
    std::uint32_t depth = 0;
    /// In the thread's record, at `depth`; there, with fences of the call's own, where the system has no
    /// membarrier; or in the slot, under the lock, when the record is full.
    enum class Kept : std::uint8_t { noted, noted_with_fences, counted } kept = Kept::noted;
  };
  /// Whether an object whose slot says `owner` may be called by this thread without further ado.
  static bool is_open_to(std::uint64_t owner, std::uint64_t identity) noexcept {
    return owner == identity || owner == Slot::kAnyThread || owner == (identity | Slot::kHandedOver);
  }
  // All with release: whoever reads one of these, and finds the thread not inside any more, sees what it has
  // done inside as done.
  static void note(tally_thread& thread, std::uint32_t depth, const Slot* slot) noexcept {
    __atomic_store_n(&thread.depth, depth + 1, __ATOMIC_RELEASE);
    __atomic_store_n(&thread.inside[depth], slot, __ATOMIC_RELEASE);
    std::atomic_signal_fence(std::memory_order_seq_cst);  // the other half is is_inside()'s
    step();
  }
  static void unnote(tally_thread& thread, std::uint32_t depth) noexcept {
    step();
    __atomic_store_n(&thread.inside[depth], nullptr, __ATOMIC_RELEASE);  // the next note raises depth first
    __atomic_store_n(&thread.depth, depth, __ATOMIC_RELEASE);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    step();
  }
  /// All that is not done at once: words of other kinds, other segments, an object that another thread has
  /// used, no room for a note.
  [[gnu::cold]] tally_status enter(Call call, const char* parameter, const void* pointer,
                                   Entry* entry) noexcept;
  /// The exclusive object among its ancestors, of table *root, for the object that a call is inside of.
  tally_status enter_family(Call call, const char* parameter, const void* pointer, TableBase** root,
                            Entry* entry) noexcept;
  void leave(const Entry& entry) noexcept;
  /// What a note that came to nothing may have held up.
  [[gnu::cold]] void settle_noted(At at) noexcept;

  // ---- Words ----

  /// The handle of a live word; 0, and an error, if it is none of this table's.
  Word ref(Call call, const void* pointer) const noexcept;
  /// The same without an error, and for a handle also when the object is gone, so that a key stays a key.
  Word id(const void* pointer) const noexcept;

  /// Why a word that find() does not know is refused.
  [[gnu::cold]] tally_status refuse_object(Call call, const char* parameter,
                                           const void* pointer) const noexcept {
    return refuse(call, *this, parameter, word_of(pointer), Wanted::object);
  }

  /// Whether several threads may use the object at a place of the interface.
  bool is_any_threads(Place place) const noexcept {
    return interface_.volume(volume_of(place)).table->is_shareable();
  }

  /// Whether words with this table id are this table's.
  bool issues(Word word) const noexcept;

  // ---- For the ledger. Any thread. ----

  tally_status start(Interface& interface) noexcept;
  void stop() noexcept;
  /// All but `bytes`, which a reader of an earlier release has no room for.
  void balance(tally_balance* out) const noexcept;
  /// What the objects take that have not ended; derived from the counts, which count tokens: those of a
  /// counted class are looked for one by one.
  std::uint64_t bytes() const noexcept;
  int visit_live(tally_entry_visitor visitor, void* user) const noexcept;
  void inspect(Word word, tally_word_state* out) const noexcept;
  std::uint64_t collect() noexcept;
  void end_lane(Lane& lane) noexcept;

  /// "2 shop.statement" and the site of the first, of an object's children: for a refusal's text.
  void name_children(Place place, char* text, std::size_t capacity) const noexcept;

 protected:
  using Finish = void (*)(void* storage, void* caller);

  constexpr TableBase(Interface& interface, const char* class_name, std::uint32_t class_index, Traits traits,
                      std::uint32_t stride, std::uint32_t offset, std::size_t object_size,
                      Finish finish_object) noexcept
      : first_(stride, traits.has_kin),
        interface_(interface),
        class_name_(class_name),
        finish_(finish_object),
        object_size_(object_size),
        class_index_(class_index),
        stride_(stride),
        offset_(offset),
        traits_(traits),
        ends_simply_(traits.rule == Rule::confined && !traits.has_kin),
        ends_alone_(is_shareable() && !traits.has_kin) {}

  /// Back to the list of free slots of its lane, which must be this thread's; a slot that has used up its
  /// generations is retired for good; that of a blob, whose token has no successor, when it has used up half
  /// of them, so that every blob can change hands millions of times.
  void put_free(At at, Lane& lane) noexcept {
    const Word handle = at.slot->handle.load(std::memory_order_relaxed);
    const Word token = at.record->token.load(std::memory_order_relaxed);
    put_free(at, lane, handle, token, rule() == Rule::anyone ? kLastGeneration / 2 : kLastGeneration);
  }
  static void put_free(At at, Lane& lane, Word handle, Word token, std::uint32_t last) noexcept {
    if (generation(handle) >= last || generation(token) >= last) [[unlikely]]
      return;
    at.record->next.store(lane.free, std::memory_order_relaxed);
    lane.free = at.place;
  }

  /// Whether no destructor may run on this thread, and no lock be waited for.
  static bool is_realtime() noexcept {
    const tally_thread& thread = this_thread();
    return thread_offset != 0 && thread.ends_as != thread.identity;
  }
  /// Whether the object is of this thread's, which is not real-time.
  static bool is_ended_here(const Slot& slot) noexcept {
    return slot.thread.load(std::memory_order_relaxed) == this_thread().ends_as;
  }
  bool is_this_threads(const Slot& slot) const noexcept {
    return slot.thread.load(std::memory_order_relaxed) == this_thread().identity;
  }
  /// Under the lock, or of a confined object. Views of objects that any thread may use are any thread's.
  bool is_called_by_its_thread(const Slot& slot) const noexcept {
    return rule() != Rule::confined || is_this_threads(slot) ||
           slot.thread.load(std::memory_order_relaxed) == Slot::kAnyThread;
  }

  /// The counts of a slot: written by one thread at a time, and read at a glance by the owner of an object
  /// that is about to end.
  static constexpr std::uint32_t kOneLess = UINT32_MAX;
  static void count_inside(Slot& slot, std::uint32_t more) noexcept {
    __atomic_store_n(&slot.inside, slot.inside + more, __ATOMIC_RELAXED);
  }
  static void count_references(Slot& slot, std::uint32_t more) noexcept {
    __atomic_store_n(&slot.references, slot.references + more, __ATOMIC_RELAXED);
  }

  /// Both words are dead, and remembered: from here on the object is nobody's.
  void revoke(At at, Lane& lane, const void* caller) noexcept {
    const Word handle = at.slot->handle.load(std::memory_order_relaxed);
    const Word token = at.record->token.load(std::memory_order_relaxed);
    lane.remember(handle, token, at.record->created.load(std::memory_order_relaxed), site_of(caller),
                  Ending::destroyed);
    at.slot->handle.store(as_gone(handle), std::memory_order_release);
    at.record->token.store(as_gone(token), std::memory_order_relaxed);
  }

  void* storage(At at) const noexcept { return reinterpret_cast<char*>(at.slot) + offset_; }

  Lane& lane(std::uint32_t number) const noexcept {
    const std::uint32_t block = 31u - static_cast<std::uint32_t>(__builtin_clz(number + 1));
    return lane_blocks_[block].load(std::memory_order_relaxed)[number + 1 - (1u << block)];
  }
  Lane* this_lane() const noexcept {
    const tally_thread& thread = this_thread();
    const std::uint32_t ordinal = ordinal_.load(std::memory_order_relaxed);
    return ordinal < thread.lane_count ? static_cast<Lane*>(thread.lanes[ordinal]) : nullptr;
  }

  At at_of(Word word) const noexcept;
  /// The same for a word that is good: a handle, or a token of whatever kind.
  At live_at(Word word) const noexcept;
  At at_place(Place place) const noexcept {
    return volume_of(place) == class_index_ ? first_.at(index_of(place)) : at_in_further_volume(place);
  }

  /// Each object that has not ended, while others may create and end some. For the ledger.
  using Each = void (*)(const void* storage, std::uint64_t* sum);
  std::uint64_t sum_over_objects(Each add) const noexcept;

  // ---- References, in the newest block of table ids that the table has for them ----

  /// The one at a place, or that a token leads to; null if it is not of these.
  Reference* newest_at(Place place) const noexcept {
    const References* const newest = references_.load(std::memory_order_acquire);
    return newest && newest->number() == volume_of(place) ? &newest->at(index_of(place)) : nullptr;
  }
  Reference* newest_with(Word token, Place* place) const noexcept {
    const References* const newest = references_.load(std::memory_order_acquire);
    if (!newest || !newest->has_tokens_of(token)) return nullptr;
    Reference* const reference = newest->reference_of(token);
    *place = make_place(newest->number(), slot_index(token));
    return reference && reference->token.load(std::memory_order_relaxed) == token ? reference : nullptr;
  }
  /// The first free one of this thread's lane becomes a token of the object, which is the thread's.
  static Word issue(Reference& reference, Lane& own, Slot& slot, Place object, const void* caller) noexcept {
    const Place place = own.free_reference;
    own.free_reference = reference.next.load(std::memory_order_relaxed);
    const Word token =
        last_issued(reference.token.load(std::memory_order_relaxed), index_of(place)) + kOneGeneration;
    reference.object.store(object, std::memory_order_relaxed);
    reference.created.store(site_of(caller), std::memory_order_relaxed);
    reference.token.store(token, std::memory_order_relaxed);
    count_references(slot, 1);
    perhaps_keep_stack(reference.created, caller, this_thread());
    return token;
  }
  /// The reverse; the object lives on with its other tokens.
  static void drop(Reference& reference, Place place, Lane& own, Slot& slot, const void* caller) noexcept {
    const Word token = reference.token.load(std::memory_order_relaxed);
    own.remember(0, token, reference.created.load(std::memory_order_relaxed), site_of(caller),
                 Ending::destroyed);
    reference.token.store(as_gone(token), std::memory_order_relaxed);
    own.retired.add(1);
    count_references(slot, kOneLess);
    put_free(reference, place, own);
  }
  static void put_free(Reference& reference, Place place, Lane& lane) noexcept {
    reference.object.store(kNowhere, std::memory_order_relaxed);
    if (generation(reference.token.load(std::memory_order_relaxed)) == kLastGeneration) [[unlikely]]
      return;
    reference.next.store(lane.free_reference, std::memory_order_relaxed);
    lane.free_reference = place;
  }

  Volume first_;  // what calls read stands at its beginning

 private:
  friend class Interface;
  enum class Manner { always, only_at_once };

  static constexpr std::uint32_t kLaneBlocks = 20;

  At take_free(Lane& lane) noexcept {
    const At at = at_place(lane.free);
    lane.free = at.record->next.load(std::memory_order_relaxed);
    return at;
  }

  // table.cpp
  At reserve_slowly(tally_status* status) noexcept;
  tally_status refill(Lane& lane) noexcept;
  tally_status add_volume() noexcept;
  Volume& newest_volume() noexcept;
  const Volume* volume_with_id_of(Word word) const noexcept;
  At at_in_further_volume(Place place) const noexcept;
  Word handle_of(Word word) const noexcept;
  bool recall(Word word, tally_word_state* out) const noexcept;
  bool was_gone_with_parent(Word token) const noexcept;

  // lanes.cpp
  tally_status attach_lane(Lane** lane) noexcept;
  Lane* take_over_lane(std::uint64_t thread) noexcept;
  Lane* add_lane() noexcept;
  Lane* any_lane() noexcept;
  /// What a lane's `returned` list is walked for.
  enum class Drain {
    free_slots,   ///< only slots that others have finished: from inside a call, whose object may be among
                  ///< those that wait
    destructors,  ///< and the destructors that wait for this thread: from outside all calls
  };
  void drain(Lane& lane, Drain what) noexcept;
  bool drain_one(Lane& lane, Place place, Drain what) noexcept;
  bool drain_gone(Lane& lane, Reference& reference, Place place, Drain what) noexcept;
  bool adopt(Lane& lane) noexcept;

  // destroy.cpp
  tally_status consume(Call call, const char* parameter, Word token, Manner manner) noexcept;
  tally_status consume_blob(Call call, const char* parameter, At at, Word token) noexcept;
  tally_status check_can_end(Call call, const Claim& claim) const noexcept;
  tally_status check_can_end_now(Call call, At at) const noexcept;
  void remember(Word handle, Word token, tally_site created, const void* caller, Ending ending) noexcept;
  static tally_site created_of(const Claim& claim) noexcept;
  tally_status check_is_free(Call call, At at, bool also_inside) const noexcept;
  bool has_first_token(At at) const noexcept;
  bool is_last(const Claim& claim) const noexcept;
  tally_status retire(Call call, const char* parameter, const Claim& claim, Word word,
                      Manner manner) noexcept;
  static bool spend(const Claim& claim, Word token, Word spent) noexcept;
  tally_status drop_one(const Claim& claim, Word token, const void* caller) noexcept;
  tally_status end_object(Call call, At at, Manner manner) noexcept;
  tally_status finish(Call call, At at) noexcept;
  void go_home(At at, Lane* own) noexcept;
  void settle(At at) noexcept;
  void count_retired(At at) noexcept;
  bool make_common(Slot& slot) const noexcept;
  tally_status consume_for_other_thread(Call call, const char* parameter, const Claim& claim,
                                        Word token) noexcept;

  // handed_over.cpp
  tally_status hand_over(Call call, const char* parameter, Word token) noexcept;
  void return_to(std::atomic<Place>& list, Place place, std::atomic<Place>& next) noexcept;
  void leave_to_others() noexcept;
  std::uint64_t end_handed_over() noexcept;
  void end_one_handed_over(Place place) noexcept;
  void settle_all() noexcept;

  // kin.cpp
  Kin& kin_of(Place place) const noexcept;
  void leave_parent(At at) noexcept;
  void end_children(Call call, At at) noexcept;
  void revoke_with_parent(Call call, Place parent) noexcept;
  void end_revoked(Call call, Place parent) noexcept;
  void revoke_child(At child, const void* caller) noexcept;
  bool is_let_go(At at) const noexcept;
  tally_status views_are_open(Call call) const noexcept;
  tally_status check_is_still_now(Call call, Place place) const noexcept;

  // sharing.cpp
  bool is_used(const Slot& slot) const noexcept;
  void keep_calls_out(At at) const noexcept;
  void let_calls_in(At at) const noexcept;
  At live_to_enter(Word word, Word* its_handle) const noexcept;
  tally_status take_turn(Call call, const char* parameter, Slot& slot) noexcept;
  tally_status enter_at(Call call, const char* parameter, At at, Word handle, Entry* entry) noexcept;

  // references.cpp
  Claim claim_of(Word token) const noexcept;
  Claim common_claim_of(Word token) const noexcept;
  Claim reference_with(Word word) const noexcept;
  Reference* free_reference(Lane& lane, tally_status* status) noexcept;
  tally_status refill_references(Lane& lane) noexcept;
  tally_status add_references() noexcept;
  Reference* reference_at(Place place) const noexcept;
  Word refer(At object, const void* caller, tally_status* status) noexcept;
  Claim own(Call call, const char* parameter, Word token, tally_status* status) const noexcept;
  bool is_being_consumed(At at) const noexcept;
  tally_status is_consumed_now(Call call) const noexcept;
  Word exchange(Call call, const char* parameter, Claim* claim, Word old, tally_status* status) noexcept;
  void take_back(const Claim& claim, Word token) noexcept;
  void give_up(Reference& reference, Place place) noexcept;
  void revoke_references(At object, const void* caller) noexcept;
  const References* references_with_id_of(Word word) const noexcept;

  std::atomic<std::uint32_t> ordinal_{UINT32_MAX};

  Interface& interface_;
  const char* class_name_;
  Finish finish_;
  std::size_t object_size_;
  std::uint32_t class_index_;
  std::uint32_t stride_;
  std::uint32_t offset_;
  Traits traits_;
  bool ends_simply_;
  bool ends_alone_;

  // Written when the table starts, grows or stops, under the lock.
  mutable std::mutex lock_;
  std::atomic<Volume*> further_volumes_{nullptr};  // the newest first
  std::atomic<std::uint32_t> lane_count_{0};
  std::atomic<Lane*> lane_blocks_[kLaneBlocks] = {};  // of 1, 2, 4, ... lanes
  std::atomic<References*> references_{nullptr};      // newest first

  // By real-time threads, for others: what they have destroyed; and that one has left an object.
  std::atomic<Place> handed_over_{Lane::kEndOfList};
  std::atomic<bool> was_left_{false};
};

/// An object that is too large or too strictly aligned to lie in a slot lies in a box.
template <class Object>
struct Box {
  Slot* slot;
  Object object;
};

/// What is in the slot instead.
template <class Object>
struct Boxed {
  Box<Object>* box;
  Memory* memory;

  ~Boxed() noexcept(false) {  // the author's may throw
    struct Freed {
      Boxed& boxed;
      ~Freed() { boxed.memory->free(boxed.box, sizeof(Box<Object>), alignof(Box<Object>)); }
    } const freed{*this};
    box->object.~Object();
  }
};

/// Whether it is an Array, whose elements' end is told where it came from.
template <class Object>
inline constexpr bool is_array = false;

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
  static constexpr std::uint32_t kSize = round_up(kOffset + sizeof(Stored), kAlignment);
  static constexpr std::size_t kInBox = round_up(sizeof(Slot*), alignof(Object));
  // A small slot does not straddle two cache lines.
  static constexpr std::uint32_t kStride = kSize <= 32 ? 32 : kSize <= 64 ? 64 : kSize;

 public:
  constexpr Table(Interface& interface, const char* class_name, std::uint32_t class_index,
                  Traits traits = {}) noexcept
      : TableBase(interface, class_name, class_index, traits, kStride, kOffset, sizeof(Object), end) {}

  /// The object that a handle or a token names, if this thread may call it; else null.
  [[gnu::always_inline]] Object* find(const void* pointer) const noexcept {
    Object* const object = find_at_once(pointer);
    return object ? object : find_elsewhere(pointer);
  }

  /// The same in two steps, for a call that leaves all that the second one needs to another function. The
  /// first knows the handles, and with one load more the tokens, of this thread's objects in the first
  /// segment.
  [[gnu::always_inline]] Object* find_at_once(const void* pointer) const noexcept {
    Slot* const slot = slot_at_once(pointer);
    return slot ? object_of(*slot) : nullptr;
  }
  [[gnu::always_inline]] Slot* slot_at_once(const void* pointer) const noexcept {
    return at_once(pointer).slot;
  }
  [[gnu::noinline]] Object* find_elsewhere(const void* pointer) const noexcept {
    const At at = callable(pointer);
    return at ? object_in(at) : nullptr;
  }

  /// Enters an object that several threads may use, if this thread may call it without further ado: by its
  /// handle or the token in its record, in the first segment. What it has noted otherwise it takes back.
  [[gnu::always_inline]] bool enter_at_once(const void* pointer, Entry* entry) noexcept {
    const Word word = word_of(pointer);
    const At at = first_.template first_segment<kStride>(word);
    if (!at) __builtin_unreachable();
    // No word leads to the first slot; and all do before the module has started, when threads have no
    // records.
    if (at.index() == 0) [[unlikely]]
      return false;
    tally_thread& thread = this_thread();
    const std::uint32_t depth = thread.depth;
    if (depth >= thread.room) [[unlikely]]
      return false;
    note(thread, depth, at.slot);
    // First whose it is: what is one thread's alone can end, and the slot become everybody's, between the
    // two.
    const bool is_open = is_open_to(at.slot->thread.load(std::memory_order_acquire), thread.identity);
    step();
    const Word handle = at.slot->handle.load(std::memory_order_acquire);
    const bool is_good = handle == word || (at.record->token.load(std::memory_order_relaxed) == word &&
                                            is_live_in(handle, at.index()));
    if (is_open && is_good) [[likely]] {
      *entry = {at.slot, handle, depth, Entry::Kept::noted};
      return true;
    }
    unnote(thread, depth);
    settle_noted(at);
    return false;
  }
  [[gnu::always_inline]] void leave_at_once(const Entry& entry) noexcept {
    if (entry.kept != Entry::Kept::noted) [[unlikely]]
      return leave(entry);
    unnote(this_thread(), entry.depth);
    if (entry.slot->handle.load(std::memory_order_relaxed) != entry.handle) [[unlikely]]
      settle_left(entry.handle);
  }

  Object* object_of(Slot& slot) const noexcept {
    Object* const object = object_in({&slot, nullptr, kNowhere});
    if (!object) __builtin_unreachable();
    return object;
  }

  /// Consumes a token, for a caller from outside. A null is a no-op.
  tally_status destroy(Call call, const char* parameter, const void* pointer) noexcept {
    const Word token = word_of(pointer);
    const At at = first_.template first_segment<kStride>(token);
    const bool is_simple = ends_simply() && at.record->token.load(std::memory_order_relaxed) == token &&
                           is_ended_here(*at.slot) && at.slot->inside == 0 && at.slot->references == 0;
    tally_status status = TALLY_OK;
    if (is_simple) [[likely]] {
      status = destroy_here(call, at);
    } else {
      status = destroy_otherwise(call, parameter, token);
    }
    if (status >= 0) interface().run_deferred();  // a misuse changes nothing
    return status;
  }

  /// One more token of an object; 0, and an error.
  Word retain(Call call, const void* pointer) noexcept {
    const At at = at_once(pointer);
    Lane* const own = at ? this_lane() : nullptr;
    if (own && own->free_reference != kNowhere && !interface().memory().is_limited()) [[likely]] {
      if (Reference* const reference = newest_at(own->free_reference)) [[likely]] {
        own->issued.add(1);
        return issue(*reference, *own, *at.slot, at.place, call.caller);
      }
    }
    return retain_within(call, pointer);
  }

  /// destroy() of one of several tokens.
  tally_status release(Call call, const char* parameter, const void* pointer) noexcept {
    const Word token = word_of(pointer);
    Place place = kNowhere;
    Reference* const reference = newest_with(token, &place);
    if (!reference || !first_.is_in_first_segment(reference->object)) [[unlikely]]
      return destroy(call, parameter, pointer);
    const At at = first_.template at_in_first_segment<kStride>(reference->object);
    const bool is_one_of_several =
        is_this_threads(*at.slot) && is_live_in(at.record->token.load(std::memory_order_relaxed), at.index());
    if (!is_one_of_several) [[unlikely]]
      return destroy(call, parameter, pointer);
    drop(*reference, place, *this_lane(), *at.slot, call.caller);
    interface().run_deferred();
    return TALLY_OK;
  }

  /// Consumes a token only if the destructor can run at once, and zeroes the caller's pointer if it has.
  template <class Opaque>
  tally_status try_destroy(Call call, const char* parameter, Opaque** pointer) noexcept {
    if (!pointer) return null_argument(call, parameter);
    const tally_status status = try_destroy_within(call, parameter, word_of(*pointer));
    if (status >= 0 || status == TALLY_EXCEPTION) *pointer = nullptr;
    if (status >= 0) interface().run_deferred();
    return status;
  }

  /// The object in a live slot.
  Object* object_in(At at) const noexcept {
    void* const memory = reinterpret_cast<char*>(at.slot) + kOffset;
    if constexpr (kInSlot) {
      return std::launder(static_cast<Object*>(memory));
    } else {
      return &std::launder(static_cast<Stored*>(memory))->box->object;
    }
  }

  /// The handle of an object that is in some table of this class.
  static Word handle_of_object(Object& object) noexcept {
    char* const address = reinterpret_cast<char*>(std::addressof(object));
    Slot* slot = nullptr;
    if constexpr (kInSlot) {
      slot = reinterpret_cast<Slot*>(address - kOffset);
    } else {
      slot = reinterpret_cast<Box<Object>*>(address - kInBox)->slot;
    }
    return slot->handle.load(std::memory_order_relaxed);
  }

  /// Creates what `make` returns, in place, and writes its token to *out; as a child of `parent`, where the
  /// class has one. On failure *out stays as it is.
  template <class Opaque, class Make>
  tally_status create(Call call, Opaque** out, Make&& make, Place parent = kNowhere) noexcept {
    Lane* const lane = this_lane();
    if (lane && lane->free != kNowhere && first_.is_in_first_segment(lane->free) &&
        !interface().memory().is_limited()) [[likely]] {
      const At at = first_.template at_in_first_segment<kStride>(lane->free);
      lane->free = at.record->next.load(std::memory_order_relaxed);
      return create_in(call, at, *lane, out, std::forward<Make>(make), parent);
    }
    return create_slowly(call, out, std::forward<Make>(make), parent);
  }

 private:
  [[gnu::always_inline]] At at_once(const void* pointer) const noexcept {
    const Word word = word_of(pointer);
    const At at = first_.template first_segment<kStride>(word);
    if (!at) __builtin_unreachable();
    if (at.slot->handle.load(std::memory_order_acquire) != word) [[unlikely]] {
      if (at.record->token.load(std::memory_order_relaxed) != word) return {};
    }
    return is_this_threads(*at.slot) ? at : At{};
  }

  template <class Opaque, class Make>
  [[gnu::noinline]] tally_status create_slowly(Call call, Opaque** out, Make&& make, Place parent) noexcept {
    tally_status status = TALLY_OK;
    const At at = reserve(&status);
    if (!at) return exhausted(call, status);
    return create_in(call, at, *this_lane(), out, std::forward<Make>(make), parent);
  }

  template <class Opaque, class Make>
  [[gnu::always_inline]] tally_status create_in(Call call, At at, Lane& own, Opaque** out, Make&& make,
                                                Place parent) noexcept {
    const tally_status status = guard(call, [&] {
      construct(at, std::forward<Make>(make));
      return TALLY_OK;
    });
    if (status < 0) {
      abandon(at, own);
      return status;
    }
    Word token = 0;
    if (parent == kNowhere) {
      token = commit(at, own, call.caller);
    } else if (const tally_status joined = join(call, at, own, parent, &token); joined < 0) {
      return undo(call, at, own, joined);
    }
    *out = as_pointer<Opaque>(token);
    return TALLY_OK;
  }

  template <class Make>
  void construct(At at, Make&& make) {
    void* const memory = storage(at);
    if constexpr (kInSlot) {
      ::new (memory) Object(std::forward<Make>(make)());
    } else {
      Memory& from = interface().memory();
      void* const box = from.allocate(sizeof(Box<Object>), alignof(Box<Object>));
      try {
        ::new (memory) Stored{::new (box) Box<Object>{at.slot, std::forward<Make>(make)()}, &from};
      } catch (...) {
        from.free(box, sizeof(Box<Object>), alignof(Box<Object>));
        throw;
      }
    }
  }

  [[gnu::always_inline]] tally_status destroy_here(Call call, At at) noexcept {
    step();
    Lane& own = *this_lane();  // the slot's, since the object is this thread's
    const Word handle = at.slot->handle.load(std::memory_order_relaxed);
    const Word token = at.record->token.load(std::memory_order_relaxed);
    revoke(at, own, call.caller);
    const tally_status status = guard_end(call, [&] { end(storage(at), call.caller); });
    own.retired.add(1);
    put_free(at, own, handle, token, kLastGeneration);
    return status;
  }

  [[gnu::noinline]] tally_status destroy_otherwise(Call call, const char* parameter, Word token) noexcept {
    const At at = first_.template first_segment<kStride>(token);
    return is_alone(at, token) ? destroy_here(call, at) : destroy_within(call, parameter, token);
  }

  // An object that several threads may use and only this one, which is inside no call, has: nobody else can
  // enter it any more, nor touch it.
  bool is_alone(At at, Word token) noexcept {
    if (!ends_alone() || at.record->token.load(std::memory_order_relaxed) != token) return false;
    const tally_thread& thread = this_thread();
    std::uint64_t owner = thread.ends_as;
    return thread.depth == 0 && at.slot->thread.load(std::memory_order_relaxed) == owner &&
           is_live_in(at.slot->handle.load(std::memory_order_relaxed), at.index()) &&  // not being consumed
           __atomic_load_n(&at.slot->inside, __ATOMIC_RELAXED) == 0 &&
           __atomic_load_n(&at.slot->references, __ATOMIC_RELAXED) == 0 &&
           at.slot->thread.compare_exchange_strong(owner, Slot::kNoThread);
  }

  // It could not become its parent's child.
  tally_status undo(Call call, At at, Lane& own, tally_status status) noexcept {
    guard_end(call, [&] { end(storage(at), call.caller); });
    abandon(at, own);
    return status;
  }

  static void end(void* memory, void* caller) {
    Stored& stored = *std::launder(static_cast<Stored*>(memory));
    if constexpr (is_array<Object>) stored.end(caller);
    stored.~Stored();
  }
};

}  // namespace tally::runtime
