// See references.hpp.
#include "tally/runtime/references.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

#include "tally/runtime/table.hpp"

namespace tally::runtime {

tally_status References::start(Interface& interface, TableBase& table, std::uint32_t number) noexcept {
  number_ = number;
  token_table_ = interface.core()->table_add(interface.provider(), interface.index_of(table),
                                             TALLY_TABLE_TOKENS, &token_floor_);
  return token_table_ ? TALLY_OK : TALLY_LIMIT_REACHED;
}

void References::stop(Interface& interface) noexcept {
  std::uint32_t floor = token_floor_;
  for (std::uint32_t index = 1; index < end(); ++index)
    floor = std::max(floor, generation(at(index).token.load(std::memory_order_relaxed)) + 1);
  interface.core()->table_remove(token_table_, floor);
  for (std::atomic<Reference*>& block : blocks_) std::free(static_cast<void*>(block.exchange(nullptr)));
}

tally_status References::take_block(std::uint32_t lane, std::uint32_t* first, std::uint32_t* end) noexcept {
  *first = *end = end_.load(std::memory_order_relaxed);
  if (*first >= kSlots) return TALLY_LIMIT_REACHED;
  std::atomic<Reference*>& block = blocks_[*first / kBlock];
  if (!block.load(std::memory_order_relaxed)) {
    void* const memory = std::calloc(kBlock, sizeof(Reference));
    if (!memory) return TALLY_OUT_OF_MEMORY;
    block.store(static_cast<Reference*>(memory), std::memory_order_release);
  }
  *end = std::min(*first - *first % kTaken + kTaken, kSlots);
  for (std::uint32_t index = *first; index < *end; ++index) {
    Reference& fresh = at(index);
    fresh.token.store(as_gone(make_word(token_table_, token_floor_ - 1, index)), std::memory_order_relaxed);
    fresh.lane = lane;
  }
  end_.store(*end, std::memory_order_release);
  return TALLY_OK;
}

// --- A table's tokens, in records and in references ---

const References* TableBase::references_with_id_of(Word word) const noexcept {
  for (const References* each = references_.load(std::memory_order_acquire); each; each = each->next) {
    if (each->has_tokens_of(word)) return each;
  }
  return nullptr;
}

Reference* TableBase::reference_at(Place place) const noexcept {
  References* const references = interface_.volume(volume_of(place)).references;
  return references ? &references->at(index_of(place)) : nullptr;
}

// The reference that a word leads to, live or not.
Claim TableBase::reference_with(Word word) const noexcept {
  const References* const references = references_with_id_of(word);
  const std::uint32_t index = slot_index(word);
  if (!references || index == 0 || index >= references->end()) return {};
  Reference& reference = references->at(index);
  const Place object = reference.object.load(std::memory_order_relaxed);
  if (object == kNowhere) return {};
  return {at_place(object), &reference, make_place(references->number(), index)};
}

Claim TableBase::claim_of(Word token) const noexcept {
  const std::uint32_t index = slot_index(token);
  const Volume* const volume = volume_with_id_of(token);
  Claim claim;
  if (!volume) {
    claim = reference_with(token);
  } else if (index != 0 && index < volume->end()) {
    claim.object = volume->at(index);
  }
  return claim && claim.token().load(std::memory_order_relaxed) == token ? claim : Claim{};
}

// Of an object that its owner can't end meanwhile without the lock. Looked at once more: before it was
// common, its thread could end it and make another in its slot.
Claim TableBase::common_claim_of(Word token) const noexcept {
  const Claim claim = claim_of(token);
  if (!claim || !make_common(*claim.object.slot)) return {};
  return claim.token().load(std::memory_order_relaxed) == token ? claim : Claim{};
}

Reference* TableBase::free_reference(Lane& lane, tally_status* status) noexcept {
  if (lane.free_reference == kNowhere) drain(lane, Drain::free_slots);
  if (lane.free_reference == kNowhere) {
    *status = refill_references(lane);
    if (*status < 0) return nullptr;
  }
  return reference_at(lane.free_reference);
}

// A fresh block of references for a lane.
tally_status TableBase::refill_references(Lane& lane) noexcept {
  const std::lock_guard locked(lock_);
  References* references = references_.load(std::memory_order_relaxed);
  std::uint32_t first = 0;
  std::uint32_t end = 0;
  tally_status status = references ? references->take_block(lane.number, &first, &end) : TALLY_LIMIT_REACHED;
  if (status == TALLY_LIMIT_REACHED && (status = add_references()) == TALLY_OK) {
    references = references_.load(std::memory_order_relaxed);
    status = references->take_block(lane.number, &first, &end);
  }
  if (status < 0) return status;
  for (std::uint32_t index = end; index-- > std::max(first, 1u);) {
    references->at(index).next.store(lane.free_reference, std::memory_order_relaxed);
    lane.free_reference = make_place(references->number(), index);
  }
  return TALLY_OK;
}

tally_status TableBase::add_references() noexcept {
  References* const added = new (std::nothrow) References;
  if (!added) return TALLY_OUT_OF_MEMORY;
  const std::uint32_t number = interface_.take_volume_number({this, nullptr, added});
  tally_status status = TALLY_LIMIT_REACHED;
  if (number != 0) status = added->start(interface_, *this, number);
  if (status < 0) {
    if (number != 0) interface_.set_volume(number, {});
    delete added;
    return status;
  }
  added->next = references_.load(std::memory_order_relaxed);
  references_.store(added, std::memory_order_release);
  return TALLY_OK;
}

// One more token for an object of this thread's; 0, and *status, if there is none.
Word TableBase::refer(At object, const void* caller, tally_status* status) noexcept {
  Lane* const own = any_lane();
  if (!own) *status = TALLY_OUT_OF_MEMORY;
  Reference* const reference = own ? free_reference(*own, status) : nullptr;
  return reference ? issue(*reference, *own, *object.slot, object.place, caller) : 0;
}

// To the lane that it is of.
void TableBase::give_up(Reference& reference, Place place) noexcept {
  Lane& home = lane(reference.lane);
  if (Lane* const own = this_lane(); own && own == &home) return put_free(reference, place, *own);
  reference.object.store(kNowhere, std::memory_order_relaxed);
  return_to(home.returned, place, reference.next);
}

Word TableBase::retain_within(Call call, const void* pointer) noexcept {
  const std::lock_guard locked(interface_);
  const At at = callable(pointer);
  // Looked at once more: before it was common, its thread could end it and make another in its slot.
  if (!at || !make_common(*at.slot) || !callable(pointer)) {
    refuse(call, *this, "self", word_of(pointer), Wanted::object);
    return 0;
  }
  if (interface_.is_full()) {
    exhausted(call, TALLY_LIMIT_REACHED);
    return 0;
  }
  tally_status status = TALLY_OK;
  const Word token = refer(at, call.caller, &status);
  if (token == 0) {
    exhausted(call, status);
    return 0;
  }
  this_lane()->issued.add(1);
  return token;
}

Claim TableBase::own(Call call, const char* parameter, Word token, tally_status* status) const noexcept {
  const Claim claim = common_claim_of(token);
  if (!claim || !is_called_by_its_thread(*claim.object.slot)) {
    *status = refuse(call, *this, parameter, token, Wanted::token);
  } else if (is_being_consumed(claim.object)) {
    *status = is_consumed_now(call);
  } else {
    return claim;
  }
  return {};
}

tally_status TableBase::is_consumed_now(Call call) const noexcept {
  return borrowed(call, class_name_, "a call that consumes it is under way");
}

// Of an object that several threads may use, and whose token is live: a call that consumes it has revoked the
// handle.
bool TableBase::is_being_consumed(At at) const noexcept {
  return is_shareable() && !is_live_in(at.slot->handle.load(std::memory_order_relaxed), at.index());
}

TableBase::Transfer TableBase::transfer(Call call, const char* parameter, const void* pointer, bool enters,
                                        tally_status* status) noexcept {
  const std::lock_guard locked(interface_);
  Transfer transfer;
  const Word token = word_of(pointer);
  transfer.before = own(call, parameter, token, status);
  if (!transfer.before) return {};
  transfer.now = transfer.before;
  transfer.given = exchange(call, parameter, &transfer.now, token, status);
  if (enters && transfer.given != 0 && transfer.now) count_inside(*transfer.now.object.slot, 1);
  return transfer;
}

Claim TableBase::begin_consuming(Call call, const void* pointer, tally_status* status) noexcept {
  const std::lock_guard locked(interface_);
  const Claim claim = own(call, "self", word_of(pointer), status);
  if (!claim) return {};
  const At at = claim.object;
  if (is_shareable() && is_last(claim)) {
    keep_calls_out(at);
    *status = check_is_free(call, at, true);
    if (*status < 0) {
      let_calls_in(at);
      return {};
    }
  }
  count_inside(*at.slot, 1);
  return claim;
}

void TableBase::end_consumed(Call call, const Claim& claim, Word token) noexcept {
  const std::lock_guard locked(interface_);
  count_inside(*claim.object.slot, kOneLess);
  if (claim.token().load(std::memory_order_relaxed) == token) {
    retire(call, "self", claim, token, Manner::always);
  } else {
    settle(claim.object);
  }
}

void TableBase::resume(const Claim& claim, Word token) noexcept {
  const std::lock_guard locked(interface_);
  if (is_shareable() && claim.token().load(std::memory_order_relaxed) == token) let_calls_in(claim.object);
}

// The token `old` is retired; the new holder's is returned, and *claim is where it is. 0, and nothing has
// changed, when there is no token left (*status: LIMIT_REACHED) or no memory for one more, or when a
// real-time thread has just spent it.
Word TableBase::exchange(Call call, const char* parameter, Claim* claim, Word old,
                         tally_status* status) noexcept {
  const Claim before = *claim;
  const bool is_used_up = generation(old) == kLastGeneration;
  const Word given = is_used_up ? refer(before.object, call.caller, status) : old + kOneGeneration;
  if (given == 0) return 0;
  if (is_used_up) *claim = claim_of(given);
  if (!spend(before, old, is_used_up ? as_gone(old) : given)) {
    if (is_used_up) take_back(*claim, given);
    *status = refuse(call, *this, parameter, old, Wanted::token);
    return 0;
  }
  if (is_used_up && before.reference) count_references(*before.object.slot, kOneLess);
  remember(0, old, created_of(before), call.caller, Ending::given_away);
  return given;
}

// A reference that was just made for a token, and that nobody has heard of.
void TableBase::take_back(const Claim& claim, Word token) noexcept {
  if (!claim.reference) return;
  claim.reference->token.store(as_gone(token), std::memory_order_relaxed);
  count_references(*claim.object.slot, kOneLess);
  give_up(*claim.reference, claim.reference_place);
}

// The object has ended with its parent, and so have its references. All of the table's are looked at: this is
// rare, and a list for each object would cost every reference eight bytes.
void TableBase::revoke_references(At object, const void* caller) noexcept {
  bool is_first = !has_first_token(object);  // what the record counts as deferred is one of these, then
  for (References* each = references_.load(std::memory_order_relaxed); each; each = each->next) {
    for (std::uint32_t index = 1; index < each->end(); ++index) {
      Reference& reference = each->at(index);
      if (reference.object.load(std::memory_order_relaxed) != object.place) continue;
      Word token = reference.token.load(std::memory_order_relaxed);
      if (is_returned_in(token, index) || !reference.token.compare_exchange_strong(token, as_gone(token))) {
        reference.object.store(
            kNowhere, std::memory_order_relaxed);  // who ends it will hear of it, but not of the object
        continue;
      }
      remember(0, token, reference.created.load(std::memory_order_relaxed), caller, Ending::with_parent);
      give_up(reference, make_place(each->number(), index));
      if (!std::exchange(is_first, false)) count_retired(object);
    }
  }
  if (is_first)
    lane(object.record->lane)
        .retired_by_others.fetch_sub(
            1, std::memory_order_relaxed);  // one less: all were counted when the other threads spent them
  count_references(*object.slot, 0 - object.slot->references);
}

// The generation that was skipped stays skipped if the old word is transferred again: words are compared, and
// this one never left. What has ended with its parent meanwhile stays ended.
void TableBase::untransfer(const Transfer& transfer, Word token) noexcept {
  const std::lock_guard locked(interface_);
  const auto& [before, now, given] = transfer;
  Lane* const own = this_lane();
  if (now.token().load(std::memory_order_relaxed) != given) {
    if (own) own->end_transfer(token, Ending::with_parent);
    return;
  }
  if (&before.token() != &now.token()) {
    now.token().store(as_gone(given), std::memory_order_relaxed);
    give_up(*now.reference, now.reference_place);
    if (!before.reference) count_references(*now.object.slot, kOneLess);
  }
  before.token().store(token, std::memory_order_relaxed);
  if (own) own->forget_transfer(token);
}

}  // namespace tally::runtime
