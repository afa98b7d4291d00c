// What real-time threads leave to others: the end of what they have destroyed, and of what was destroyed by
// others while they were inside. They take no lock, so they spend a token by compare-and-swap, as everybody
// else spends one of an object that several threads may use.
#include "tally/runtime/table.hpp"

namespace tally::runtime {

// The token is spent and the handle revoked at once, as by any destroy; all that follows, cascades included,
// is done by the first other thread that creates or destroys something of the interface, or collects. A
// confined object's destructor is still its own thread's.
tally_status TableBase::hand_over(Call call, const char* parameter, Word token) noexcept {
  const Claim claim = rule() == Rule::anyone ? claim_of(token) : common_claim_of(token);
  if (!claim || !spend(claim, token, as_returned(token)))
    return was_gone_with_parent(token) ? TALLY_OK : refuse(call, *this, parameter, token, Wanted::token);
  const At at = claim.object;
  Word handle = at.slot->handle.load(std::memory_order_relaxed);
  if (Lane* const own = this_lane()) {
    own->remember(traits_.is_counted ? 0 : last_issued(handle, at.index()), token, created_of(claim),
                  site_of(call.caller), Ending::destroyed);
  }
  step();
  // Whether it is live or kept from calls for a moment: let_calls_in() does not find the word that it left.
  if (!traits_.is_counted) {
    while (!at.slot->handle.compare_exchange_weak(handle, as_returned(last_issued(handle, at.index()))))
      step();
  }
  const Place place = claim.reference ? claim.reference_place : at.place;
  std::atomic<Place>& next = claim.reference ? claim.reference->next : at.record->next;
  Lane& home = lane(claim.reference ? claim.reference->lane : at.record->lane);
  home.deferred.fetch_add(1, std::memory_order_relaxed);
  interface_.add_waiting(1);
  return_to(rule() == Rule::confined ? home.returned : handed_over_, place, next);
  return TALLY_DEFERRED;
}

// An object that was destroyed while this thread was inside, or had noted it; whoever looks finds it.
void TableBase::leave_to_others() noexcept {
  if (!was_left_.exchange(true)) interface_.add_waiting(1);
}

std::uint64_t TableBase::end_handed_over() noexcept {
  if (was_left_.load(std::memory_order_relaxed) && was_left_.exchange(false)) {
    interface_.add_waiting(UINT32_MAX);  // one less
    settle_all();
  }
  if (handed_over_.load(std::memory_order_relaxed) == Lane::kEndOfList) return 0;
  std::uint64_t count = 0;
  const std::lock_guard locked(interface_);
  Place place = handed_over_.exchange(Lane::kEndOfList, std::memory_order_acquire);
  while (place != Lane::kEndOfList) {
    const Reference* const reference = reference_at(place);
    const Place next =
        (reference ? reference->next : at_place(place).record->next).load(std::memory_order_relaxed);
    end_one_handed_over(place);
    place = next;
    ++count;
  }
  return count;
}

void TableBase::end_one_handed_over(Place place) noexcept {
  Reference* const reference = reference_at(place);
  const Place object = reference ? reference->object.load(std::memory_order_relaxed) : place;
  Lane& home = lane(reference ? reference->lane : at_place(place).record->lane);
  home.deferred.fetch_sub(1, std::memory_order_relaxed);
  interface_.add_waiting(UINT32_MAX);     // one less
  if (reference && object == kNowhere) {  // it has ended with its parent
    home.retired_by_others.fetch_add(1, std::memory_order_relaxed);
    const Word token = reference->token.load(std::memory_order_relaxed);
    reference->token.store(as_gone(last_issued(token, index_of(place))), std::memory_order_relaxed);
    return give_up(*reference, place);
  }
  const Function function{interface_, "a deferred destroy"};
  const Call call{function, nullptr};
  const Claim claim{at_place(object), reference, reference ? place : kNowhere};
  if (rule() == Rule::anyone) {
    finish(call, claim.object);
  } else {
    retire(call, nullptr, claim, claim.token().load(std::memory_order_relaxed), Manner::always);
  }
}

// Each object that waits and has been let go of; of confined ones this thread's, and the others later.
void TableBase::settle_all() noexcept {
  const std::lock_guard locked(interface_);
  bool are_left = false;
  const Volume* volume = &first_;
  for (const Volume* next = further_volumes_.load(std::memory_order_acquire); volume;
       volume = std::exchange(next, next ? next->next : nullptr)) {
    for (std::uint32_t index = 1; index < volume->end(); ++index) {
      const At at = volume->at(index);
      if (is_called_by_its_thread(*at.slot)) {
        settle(at);
      } else {
        are_left |= is_pending_in(at.record->token.load(std::memory_order_relaxed), index);
      }
    }
  }
  if (are_left) leave_to_others();
}

}  // namespace tally::runtime
