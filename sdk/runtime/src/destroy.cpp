// The end of an object: at once, or when the last call inside leaves and the last child goes; on its thread,
// or handed to it.
#include <cstdio>

#include "tally/runtime/table.hpp"

namespace tally::runtime {

tally_status TableBase::destroy_within(Call call, const char* parameter, Word token) noexcept {
  return consume(call, parameter, token, Manner::always);
}

tally_status TableBase::try_destroy_within(Call call, const char* parameter, Word token) noexcept {
  return consume(call, parameter, token, Manner::only_at_once);
}

tally_status TableBase::consume(Call call, const char* parameter, Word token, Manner manner) noexcept {
  if (token == 0) return TALLY_OK;
  if (is_realtime()) {
    return manner == Manner::always ? hand_over(call, parameter, token)
                                    : is_on_realtime_thread(call, class_name_);
  }
  if (rule() == Rule::anyone) return consume_blob(call, parameter, claim_of(token).object, token);
  const std::lock_guard locked(interface_);
  const Claim claim = common_claim_of(token);
  if (!claim) {
    return was_gone_with_parent(token) ? TALLY_OK : refuse(call, *this, parameter, token, Wanted::token);
  }
  if (!is_called_by_its_thread(*claim.object.slot)) {
    if (manner == Manner::only_at_once) return refuse(call, *this, parameter, token, Wanted::object);
    return consume_for_other_thread(call, parameter, claim, token);
  }
  if (manner == Manner::only_at_once) {
    if (const tally_status status = check_can_end(call, claim); status < 0) return status;
  }
  return retire(call, parameter, claim, token, manner);
}

// Any thread, but only one gets the token.
tally_status TableBase::consume_blob(Call call, const char* parameter, At at, Word token) noexcept {
  Word expected = token;
  if (!at || !at.record->token.compare_exchange_strong(expected, as_gone(token))) {
    return refuse(call, *this, parameter, token, Wanted::token);
  }
  const Word handle = at.slot->handle.load(std::memory_order_relaxed);
  Lane* const own = any_lane();
  if (own)
    own->remember(handle, token, at.record->created.load(std::memory_order_relaxed), site_of(call.caller),
                  Ending::destroyed);
  at.slot->handle.store(as_gone(handle), std::memory_order_release);
  const tally_status status = guard_end(call, [&] { finish_(storage(at), call.caller); });
  go_home(at, own);
  return status;
}

// Of an object that several threads may use, calls are kept out meanwhile, or one could come in between.
tally_status TableBase::check_can_end(Call call, const Claim& claim) const noexcept {
  const At at = claim.object;
  if (!is_last(claim)) return TALLY_OK;
  if (is_being_consumed(at)) return is_consumed_now(call);
  if (is_shareable()) keep_calls_out(at);
  const tally_status status = check_can_end_now(call, at);
  if (status < 0 && is_shareable()) let_calls_in(at);
  return status;
}

tally_status TableBase::check_can_end_now(Call call, At at) const noexcept {
  if (const tally_status status = check_is_free(call, at, true); status < 0) return status;
  if (!traits_.has_kin || kin_of(at.place).first_child == kNowhere) return TALLY_OK;
  char children[400];
  name_children(at.place, children, sizeof children);
  return has_children(call, class_name_, children);
}

// One token less, which is spent; the object lives on with its others.
tally_status TableBase::drop_one(const Claim& claim, Word token, const void* caller) noexcept {
  if (caller) remember(0, token, created_of(claim), caller, Ending::destroyed);
  count_retired(claim.object);
  if (claim.reference) {
    count_references(*claim.object.slot, kOneLess);
    give_up(*claim.reference, claim.reference_place);
  }
  return TALLY_OK;
}

// With this thread's lane, or, without memory for one, not at all.
void TableBase::remember(Word handle, Word token, tally_site created, const void* caller,
                         Ending ending) noexcept {
  if (Lane* const own = any_lane()) own->remember(handle, token, created, site_of(caller), ending);
}

tally_site TableBase::created_of(const Claim& claim) noexcept {
  return (claim.reference ? claim.reference->created : claim.object.record->created)
      .load(std::memory_order_relaxed);
}

void TableBase::count_retired(At at) noexcept {
  if (Lane* const own = this_lane())
    own->retired.add(1);
  else
    lane(at.record->lane).retired_by_others.fetch_add(1, std::memory_order_relaxed);
}

// Whether the token in the record still counts: one that another thread has spent does until this one knows.
bool TableBase::has_first_token(At at) const noexcept {
  const Word token = at.record->token.load(std::memory_order_relaxed);
  return is_live_in(token, at.index()) || is_returned_in(token, at.index());
}

// Whether the object has no other token.
bool TableBase::is_last(const Claim& claim) const noexcept {
  const At at = claim.object;
  return !claim.reference ? at.slot->references == 0 : at.slot->references == 1 && !has_first_token(at);
}

// Real-time threads spend tokens without the lock.
bool TableBase::spend(const Claim& claim, Word token, Word spent) noexcept {
  step();
  return claim.token().compare_exchange_strong(token, spent);
}

// Spends a token, on the object's own thread or under the lock: live, or the one that another thread has
// returned. `only_at_once`: it is known that the object can end.
tally_status TableBase::retire(Call call, const char* parameter, const Claim& claim, Word word,
                               Manner manner) noexcept {
  const At at = claim.object;
  const std::uint32_t others = at.slot->references + (has_first_token(at) ? 1 : 0) - 1;
  const std::uint32_t index = claim.reference ? index_of(claim.reference_place) : at.index();
  const Word token = last_issued(word, index);
  const bool ends_here = others == 0 && !claim.reference;
  if (!spend(claim, word, ends_here ? as_pending(token) : as_gone(token)))
    return refuse(call, *this, parameter, token, Wanted::token);
  if (others != 0) return drop_one(claim, token, call.caller);
  const Word handle = last_issued(at.slot->handle.load(std::memory_order_relaxed), at.index());
  const tally_site created = at.record->created.load(std::memory_order_relaxed);
  // What another thread has destroyed it has remembered, with the place.
  if (call.caller || traits_.is_counted)
    remember(handle, claim.reference ? 0 : token, created, call.caller, Ending::destroyed);
  if (claim.reference) {
    if (call.caller) remember(0, token, created_of(claim), call.caller, Ending::destroyed);
    count_references(*at.slot, kOneLess);
    give_up(*claim.reference, claim.reference_place);
  }
  return end_object(call, at, manner);
}

// The last token is spent: nobody can call the object any more. Its destructor runs now, or is left to
// whoever lets go of it last. Who has looked already does not look again: there might be the note of a call
// that is about to come to nothing.
tally_status TableBase::end_object(Call call, At at, Manner manner) noexcept {
  const Word token = last_issued(at.record->token.load(std::memory_order_relaxed), at.index());
  const Word handle = last_issued(at.slot->handle.load(std::memory_order_relaxed), at.index());
  at.slot->handle.store(as_gone(handle), std::memory_order_release);
  step();
  at.record->token.store(as_pending(token), std::memory_order_relaxed);
  step();
  if (traits_.has_kin) {
    count_inside(*at.slot, 1);  // or the last child would end it, too
    end_children(call, at);
    count_inside(*at.slot, kOneLess);
  }
  if (manner == Manner::only_at_once || is_let_go(at)) return finish(call, at);
  lane(at.record->lane).deferred.fetch_add(1, std::memory_order_relaxed);
  return TALLY_DEFERRED;
}

tally_status TableBase::finish(Call call, At at) noexcept {
  at.record->token.store(as_gone(last_issued(at.record->token.load(std::memory_order_relaxed), at.index())),
                         std::memory_order_relaxed);
  interface_.unlock();
  step();
  const tally_status status = guard_end(call, [&] { finish_(storage(at), call.caller); });
  interface_.lock();
  const Place parent = traits_.has_kin ? kin_of(at.place).parent : kNowhere;
  if (parent != kNowhere) leave_parent(at);
  go_home(at, this_lane());
  if (parent != kNowhere) {
    TableBase& of_parent = *interface_.volume(volume_of(parent)).table;
    of_parent.settle(of_parent.at_place(parent));
  }
  return status;
}

// The slot of an object that has ended is free again, in its own lane; `own` is this thread's, or null.
void TableBase::go_home(At at, Lane* own) noexcept {
  Lane& home = lane(at.record->lane);
  if (own && own == &home) {
    own->retired.add(1);
    put_free(at, *own);
  } else {
    home.retired_by_others.fetch_add(1, std::memory_order_relaxed);
    at.slot->thread.store(Slot::kFinished, std::memory_order_relaxed);
    return_to(home.returned, at.place, at.record->next);
  }
}

// Somebody has let go of the object: if it was only waiting for that, it ends.
void TableBase::settle(At at) noexcept {
  if (!is_pending_in(at.record->token.load(std::memory_order_relaxed), at.index()) || !is_let_go(at)) return;
  lane(at.record->lane).deferred.fetch_sub(1, std::memory_order_relaxed);
  const Function function{interface_, "a deferred destroy"};
  finish(Call{function, nullptr}, at);
}

void TableBase::settle_left(Word handle) noexcept {
  if (is_realtime()) return leave_to_others();
  const std::lock_guard locked(interface_);
  if (const At at = at_of(handle)) settle(at);
}

// What is no token, or a token no more, is for whoever wants to take it to refuse.
tally_status TableBase::check_is_free(Call call, const void* pointer, bool also_inside) const noexcept {
  const std::lock_guard locked(interface_);
  const Word word = word_of(pointer);
  const At at = also_inside ? claim_of(word).object : at_of(word);
  return at ? check_is_free(call, at, also_inside) : TALLY_OK;
}

tally_status TableBase::check_is_free(Call call, At at, bool also_inside) const noexcept {
  if (traits_.has_kin && kin_of(at.place).has_views()) return views_are_open(call);
  if (also_inside && (at.slot->inside != 0 || is_used(*at.slot)))
    return borrowed(call, class_name_, "a call is inside it");
  return TALLY_OK;
}

// The object's thread has ended: nobody else can be inside, so it is destroyed here. Otherwise its thread
// runs the destructor when it next creates, or ends, or collects; a class with one owner for each object has
// its handle revoked at once.
tally_status TableBase::consume_for_other_thread(Call call, const char* parameter, const Claim& claim,
                                                 Word token) noexcept {
  const At at = claim.object;
  if (!interface_.core()->thread_is_alive(at.slot->thread.load(std::memory_order_relaxed))) {
    return retire(call, parameter, claim, token, Manner::always);
  }
  if (!spend(claim, token, as_returned(token))) return refuse(call, *this, parameter, token, Wanted::token);
  const Word handle = at.slot->handle.load(std::memory_order_relaxed);
  if (!traits_.is_counted) at.slot->handle.store(as_gone(handle), std::memory_order_release);
  if (Lane* const own = any_lane()) {
    own->remember(traits_.is_counted ? 0 : handle, token, at.record->created.load(std::memory_order_relaxed),
                  site_of(call.caller), Ending::destroyed);
  }
  Lane& home = lane(at.record->lane);
  home.deferred.fetch_add(1, std::memory_order_relaxed);
  interface_.add_waiting(1);
  const Place place = claim.reference ? claim.reference_place : at.place;
  return_to(home.returned, place, claim.reference ? claim.reference->next : at.record->next);
  return TALLY_DEFERRED;
}

}  // namespace tally::runtime
