// Who holds whom: children and views among their parents. Only the objects' own thread comes here, or who has
// the interface's lock.
#include <cstdio>

#include "tally/runtime/table.hpp"

namespace tally::runtime {

Kin& TableBase::kin_of(Place place) const noexcept {
  return interface_.volume(volume_of(place)).volume->kin(index_of(place));
}

bool TableBase::is_let_go(At at) const noexcept {
  return at.slot->inside == 0 && (!traits_.has_kin || kin_of(at.place).first_child == kNowhere) &&
         !is_used(*at.slot);
}

tally_status TableBase::hold_views(Call call, const void* pointer) noexcept {
  const std::lock_guard locked(interface_);
  Kin& kin = kin_of(place_of(pointer));
  if (kin.has_views()) return views_are_open(call);
  kin.views = (kin.views | Kin::kMoving) + 1;
  return TALLY_OK;
}

void TableBase::allow_views(Place place) noexcept {
  const std::lock_guard locked(interface_);
  Kin& kin = kin_of(place);
  if (--kin.views == Kin::kMoving) kin.views = 0;
}

tally_status TableBase::views_are_open(Call call) const noexcept {
  return borrowed(call, class_name_, "a view of it is open; close it first");
}

tally_status TableBase::check_is_still(Call call, Place place) const noexcept {
  const std::lock_guard locked(interface_);
  return check_is_still_now(call, place);
}

tally_status TableBase::check_is_still_now(Call call, Place place) const noexcept {
  if (!kin_of(place).is_moving()) return TALLY_OK;
  const TableBase& table = *interface_.volume(volume_of(place)).table;
  return borrowed(call, table.class_name_,
                  "a call under way may move what it would show; open it afterwards");
}

// What ends the parent finds the child with its words, which it revokes.
tally_status TableBase::join(Call call, At child, Lane& lane_of_child, Place parent, Word* token) noexcept {
  const std::lock_guard locked(interface_);
  TableBase& of_parent = *interface_.volume(volume_of(parent)).table;
  const At at = of_parent.at_place(parent);
  if (!is_live_in(at.slot->handle.load(std::memory_order_relaxed), at.index())) return parent_is_gone(call);
  if (traits_.is_view) {
    if (const tally_status status = check_is_still_now(call, parent); status < 0) return status;
  }
  Kin& own = kin_of(child.place);
  Kin& parents = kin_of(parent);
  own = {parent, kNowhere, kNowhere, parents.first_child, 0};
  if (own.next != kNowhere) kin_of(own.next).previous = child.place;
  parents.first_child = child.place;
  if (traits_.is_view) ++parents.views;
  *token = commit(child, lane_of_child, call.caller);
  return TALLY_OK;
}

void TableBase::leave_parent(At at) noexcept {
  Kin& own = kin_of(at.place);
  Kin& parents = kin_of(own.parent);
  if (own.previous != kNowhere) {
    kin_of(own.previous).next = own.next;
  } else {
    parents.first_child = own.next;
  }
  if (own.next != kNowhere) kin_of(own.next).previous = own.previous;
  if (traits_.is_view) --parents.views;
  own = {};
}

// Children that end with their parent: all are revoked, and theirs, before the first destructor runs, so that
// none of their code can call another.
void TableBase::end_children(Call call, At at) noexcept {
  revoke_with_parent(call, at.place);
  end_revoked(call, at.place);
}

void TableBase::revoke_with_parent(Call call, Place parent) noexcept {
  for (Place place = kin_of(parent).first_child; place != kNowhere; place = kin_of(place).next) {
    TableBase& table = *interface_.volume(volume_of(place)).table;
    const At child = table.at_place(place);
    if (!table.traits_.ends_with_parent ||
        !is_live_in(child.slot->handle.load(std::memory_order_relaxed), child.index()))
      continue;
    table.revoke_child(child, call.caller);
    table.revoke_with_parent(call, place);
  }
}

// Those end that nobody holds, the youngest first, and each after its own; the author's code in a destructor
// may itself end others, so the list is looked at anew after each.
void TableBase::end_revoked(Call call, Place parent) noexcept {
  Place waiting = kNowhere;  // the last one that was passed over
  for (;;) {
    const bool still_ours = waiting != kNowhere && kin_of(waiting).parent == parent;
    const Place place = still_ours ? kin_of(waiting).next : kin_of(parent).first_child;
    if (place == kNowhere) return;
    TableBase& table = *interface_.volume(volume_of(place)).table;
    const At child = table.at_place(place);
    const bool is_ending = table.traits_.ends_with_parent &&
                           is_pending_in(child.record->token.load(std::memory_order_relaxed), child.index());
    if (is_ending) {
      count_inside(*child.slot, 1);  // or its own last child would end it, too
      table.end_revoked(call, place);
      count_inside(*child.slot, kOneLess);
    }
    if (is_ending && table.is_let_go(child)) {
      table.lane(child.record->lane).deferred.fetch_sub(1, std::memory_order_relaxed);
      table.finish(call, child);
    } else {
      waiting = place;
    }
  }
}

// All its words, tokens of references included, are dead; its destructor waits. That of a first token which
// another thread has spent runs when this thread hears of it, and not before.
void TableBase::revoke_child(At child, const void* caller) noexcept {
  const Word handle = child.slot->handle.load(std::memory_order_relaxed);
  Word token = child.record->token.load(std::memory_order_relaxed);
  remember(handle, token, child.record->created.load(std::memory_order_relaxed), caller, Ending::with_parent);
  child.slot->handle.store(as_gone(handle), std::memory_order_release);
  if (child.slot->references != 0) revoke_references(child, caller);
  step();
  do {
    if (is_returned_in(token, child.index())) return;
  } while (
      !child.record->token.compare_exchange_strong(token, as_pending(last_issued(token, child.index()))));
  lane(child.record->lane).deferred.fetch_add(1, std::memory_order_relaxed);
}

void TableBase::name_children(Place place, char* text, std::size_t capacity) const noexcept {
  std::uint32_t count = 0;
  const Place first = kin_of(place).first_child;
  for (Place each = first; each != kNowhere; each = kin_of(each).next) ++count;
  const TableBase& table = *interface_.volume(volume_of(first)).table;
  char site[256];
  interface_.core()->site_text(table.at_place(first).record->created.load(std::memory_order_relaxed), site,
                               sizeof site);
  std::snprintf(text, capacity, "%u live, the last one a %s created at %s", count, table.class_name(), site);
}

}  // namespace tally::runtime
