// A table's slots: starting and growing; and what a word is, once it has been refused.
#include "tally/runtime/table.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tally::runtime {

constinit std::ptrdiff_t thread_offset = 0;
constinit const std::uint32_t* load_epoch = nullptr;

namespace {

std::uint32_t token_kind(const Traits& traits) {
  if (traits.is_view) return TALLY_TABLE_VIEWS;
  return traits.rule == Rule::anyone ? TALLY_TABLE_BLOBS : TALLY_TABLE_TOKENS;
}

}  // namespace

void keep_stack(std::atomic<tally_site>& created, const void* caller) noexcept {
  created.store(libtally()->stack_site(caller, created.load(std::memory_order_relaxed)),
                std::memory_order_relaxed);
}

// --- Growing ---

tally_status TableBase::start(Interface& interface) noexcept {
  std::uint32_t ordinal = 0;
  tally_status status = interface.core()->lane_add(interface.provider(), class_index_, &ordinal);
  if (status < 0) return status;
  status = first_.start(interface, *this, token_kind(traits_), class_index_);
  if (status < 0) {
    interface.core()->lane_remove(ordinal);
    return status;
  }
  interface.set_volume(class_index_, {this, &first_, nullptr});
  ordinal_.store(ordinal, std::memory_order_relaxed);
  return TALLY_OK;
}

void TableBase::stop() noexcept {
  if (!first_.is_started()) return;
  interface_.core()->lane_remove(ordinal_.exchange(UINT32_MAX));
  for (References* each = references_.exchange(nullptr); each;) {
    each->stop(interface_);
    interface_.set_volume(each->number(), {});
    delete std::exchange(each, each->next);
  }
  for (Volume* each = further_volumes_.exchange(nullptr); each;) {
    interface_.set_volume(each->number(), {});
    each->stop(interface_);
    delete std::exchange(each, each->next);
  }
  first_.stop(interface_);
  interface_.set_volume(class_index_, {});
  lane_count_.store(0, std::memory_order_relaxed);
  for (std::atomic<Lane*>& block : lane_blocks_) delete[] block.exchange(nullptr);
}

Volume& TableBase::newest_volume() noexcept {
  Volume* const newest = further_volumes_.load(std::memory_order_relaxed);
  return newest ? *newest : first_;
}

tally_status TableBase::add_volume() noexcept {
  Volume* const volume = new (std::nothrow) Volume(stride_, traits_.has_kin);
  if (!volume) return TALLY_OUT_OF_MEMORY;
  const std::uint32_t number = interface_.take_volume_number({this, volume, nullptr});
  tally_status status = TALLY_LIMIT_REACHED;
  if (number != 0) status = volume->start(interface_, *this, token_kind(traits_), number);
  if (status < 0) {
    if (number != 0) interface_.set_volume(number, {});
    delete volume;
    return status;
  }
  volume->next = further_volumes_.load(std::memory_order_relaxed);
  further_volumes_.store(volume, std::memory_order_release);
  return TALLY_OK;
}

At TableBase::reserve_slowly(tally_status* status) noexcept {
  if (interface_.is_full()) {
    *status = TALLY_LIMIT_REACHED;
    return {};
  }
  Lane* lane = this_lane();
  if (!lane) *status = attach_lane(&lane);
  if (!lane) return {};
  drain(*lane, Drain::free_slots);
  if (lane->free == kNowhere) *status = refill(*lane);
  return lane->free != kNowhere ? take_free(*lane) : At{};
}

tally_status TableBase::refill(Lane& lane) noexcept {
  const std::lock_guard locked(lock_);
  Volume* volume = &newest_volume();
  std::uint32_t first = 0;
  std::uint32_t end = 0;
  tally_status status = volume->take_block(lane.number, &first, &end);
  if (status == TALLY_LIMIT_REACHED && (status = add_volume()) == TALLY_OK) {
    volume = &newest_volume();
    status = volume->take_block(lane.number, &first, &end);
  }
  if (status < 0) return status;
  for (std::uint32_t index = end; index-- > std::max(first, 1u);) {
    const At at = volume->at(index);
    at.record->next.store(lane.free, std::memory_order_relaxed);
    lane.free = at.place;
  }
  return TALLY_OK;
}

// --- What a word is ---

const Volume* TableBase::volume_with_id_of(Word word) const noexcept {
  if (first_.has_handles_of(word) || first_.has_tokens_of(word)) return &first_;
  for (const Volume* each = further_volumes_.load(std::memory_order_acquire); each; each = each->next) {
    if (each->has_handles_of(word) || each->has_tokens_of(word)) return each;
  }
  return nullptr;
}

At TableBase::at_in_further_volume(Place place) const noexcept {
  return interface_.volume(volume_of(place)).volume->at(index_of(place));
}

At TableBase::at_of(Word word) const noexcept {
  const std::uint32_t index = slot_index(word);
  if (const Volume* const volume = volume_with_id_of(word))
    return index != 0 && index < volume->end() ? volume->at(index) : At{};
  return reference_with(word).object;
}

At TableBase::live_at(Word word) const noexcept {
  if (!volume_with_id_of(word)) {
    const Claim claim = reference_with(word);
    return claim && claim.token().load(std::memory_order_relaxed) == word ? claim.object : At{};
  }
  const At at = at_of(word);
  const bool is_live = at && (at.slot->handle.load(std::memory_order_acquire) == word ||
                              at.record->token.load(std::memory_order_relaxed) == word);
  return is_live ? at : At{};
}

bool TableBase::issues(Word word) const noexcept {
  return volume_with_id_of(word) || references_with_id_of(word);
}

// If the word is good before and after, no other object has come into the slot in between. Who owns an object
// learns its handle also while that is kept from calls.
Word TableBase::handle_of(Word word) const noexcept {
  const At at = live_at(word);
  if (!at) return 0;
  step();
  const Word handle = at.slot->handle.load(std::memory_order_acquire);
  const bool has_ended = is_shareable() && Slot::has_ended(at.slot->thread.load(std::memory_order_acquire));
  return live_at(word) && !has_ended ? last_issued(handle, at.index()) : 0;
}

// As in enter(): a handle that is good may be kept from calls for a moment.
Word TableBase::ref(Call call, const void* pointer) const noexcept {
  const Word word = word_of(pointer);
  if (const Word handle = handle_of(word); handle != 0) return handle;
  const std::lock_guard locked(interface_);
  const Word handle = is_shareable() ? handle_of(word) : 0;
  if (handle == 0) refuse(call, *this, "self", word, Wanted::object);
  return handle;
}

Word TableBase::id(const void* pointer) const noexcept {
  const Word word = word_of(pointer);
  const Volume* const volume = word != 0 ? volume_with_id_of(word) : nullptr;
  return volume && volume->has_handles_of(word) ? word : handle_of(word);
}

namespace {

bool is_consumed(tally_status status) {
  return status == TALLY_ALREADY_DESTROYED || status == TALLY_STALE_HANDLE;
}

}  // namespace

void TableBase::inspect(Word word, tally_word_state* out) const noexcept {
  *out = {};
  const std::uint32_t index = slot_index(word);
  const Volume* const volume = volume_with_id_of(word);
  const References* const references = volume ? nullptr : references_with_id_of(word);
  const std::uint32_t end = volume ? volume->end() : references ? references->end() : 0;
  if (index == 0 || index >= end) {
    out->status = TALLY_NEVER_ISSUED;
    return;
  }
  const bool is_token = references || volume->has_tokens_of(word);
  const Reference* const reference = references ? &references->at(index) : nullptr;
  const Word current = reference  ? reference->token.load(std::memory_order_relaxed)
                       : is_token ? volume->at(index).record->token.load(std::memory_order_relaxed)
                                  : volume->at(index).slot->handle.load(std::memory_order_relaxed);
  const bool was_never_issued =
      reference ? references->was_never_issued(word, current) : volume->was_never_issued(word, current);
  if (was_never_issued) {
    out->status = TALLY_NEVER_ISSUED;
  } else if (word == current) {
    const At at = reference ? at_place(reference->object.load(std::memory_order_relaxed)) : volume->at(index);
    const tally_site created =
        (reference ? reference->created : at.record->created).load(std::memory_order_relaxed);
    *out = {TALLY_OK, 0, at.slot->handle.load(std::memory_order_relaxed), created, 0};
  } else if (!recall(word, out)) {
    out->status = is_token ? TALLY_ALREADY_DESTROYED : TALLY_STALE_HANDLE;
  }
}

bool TableBase::recall(Word word, tally_word_state* out) const noexcept {
  const std::uint32_t count = lane_count_.load(std::memory_order_acquire);
  for (std::uint32_t number = 0; number < count; ++number) {
    for (const Retired& entry : lane(number).history) {
      const Word handle = entry.handle.load(std::memory_order_relaxed);
      const Word token = entry.token.load(std::memory_order_relaxed);
      if (word != handle && word != token) continue;
      const Ending ending = entry.ending.load(std::memory_order_relaxed);
      // A token that was given away: the object may still live, with another owner.
      out->status = ending == Ending::given_away    ? TALLY_NOT_OWNER
                    : ending == Ending::with_parent ? TALLY_GONE_WITH_PARENT
                    : word == handle                ? TALLY_STALE_HANDLE
                                                    : TALLY_ALREADY_DESTROYED;
      out->created = entry.created.load(std::memory_order_relaxed);
      out->retired = entry.retired.load(std::memory_order_relaxed);
      return true;
    }
  }
  return false;
}

// To give back what went with its parent is no misuse. What is too long ago to be remembered is taken for
// that: an accusation has to be right.
bool TableBase::was_gone_with_parent(Word token) const noexcept {
  if (!traits_.ends_with_parent || !issues(token)) return false;
  const Volume* const volume = volume_with_id_of(token);
  if (volume && volume->has_handles_of(token)) return false;  // never an owner's
  tally_word_state state;
  inspect(token, &state);
  return state.status == TALLY_GONE_WITH_PARENT || (is_consumed(state.status) && state.retired == 0);
}

// --- The ledger ---

void TableBase::balance(tally_balance* out) const noexcept {
  out->module = interface_.module();
  out->class_name = class_name_;
  out->issued = out->retired = out->deferred = 0;
  const std::uint32_t count = lane_count_.load(std::memory_order_acquire);
  for (std::uint32_t number = 0; number < count; ++number) {
    const Lane& each = lane(number);
    out->issued += each.issued.read();
    out->retired += each.retired.read() + each.retired_by_others.load(std::memory_order_relaxed);
    out->deferred += each.deferred.load(std::memory_order_relaxed);
  }
  out->live = out->issued - out->retired - out->deferred;
}

std::uint64_t TableBase::bytes() const noexcept {
  if (traits_.is_view) return 0;
  if (traits_.is_counted)
    return object_size_ * sum_over_objects([](const void*, std::uint64_t* sum) { ++*sum; });
  tally_balance figures;
  balance(&figures);
  return object_size_ * (figures.live + figures.deferred);
}

namespace {

// One visit of the ledger: what all of its entries have in common.
struct Visit {
  const TableBase& table;
  tally_entry_visitor visitor;
  void* user;

  int operator()(Word handle, const Slot& slot, const std::atomic<tally_site>& created,
                 bool is_deferred) const {
    const tally_entry entry{.module = table.interface().module(),
                            .class_name = table.class_name(),
                            .handle = handle,
                            .created = created.load(std::memory_order_relaxed),
                            .thread = slot.thread.load(std::memory_order_relaxed) & ~Slot::kHandedOver,
                            .deferred = is_deferred ? 1u : 0u,
                            .confined = table.rule() == Rule::confined ? 1u : 0u};
    return visitor(&entry, user);
  }
};

// Its destructor has not run.
bool has_object(At at, std::uint32_t index) {
  const Word token = at.record->token.load(std::memory_order_relaxed);
  return is_live_in(at.slot->handle.load(std::memory_order_acquire), index) || is_pending_in(token, index) ||
         is_returned_in(token, index);
}

int visit_volume(const Volume& volume, const Visit& visit) {
  for (std::uint32_t index = 1; index < volume.end(); ++index) {
    const At at = volume.at(index);
    const Word token = at.record->token.load(std::memory_order_relaxed);
    const bool is_deferred = is_pending_in(token, index) || is_returned_in(token, index);
    if (!is_live_in(token, index) && !is_deferred) continue;
    const Word handle = last_issued(at.slot->handle.load(std::memory_order_relaxed), index);
    if (const int stop = visit(handle, *at.slot, at.record->created, is_deferred)) return stop;
  }
  return 0;
}

}  // namespace

std::uint64_t TableBase::sum_over_objects(Each add) const noexcept {
  std::uint64_t sum = 0;
  if (!first_.is_started()) return sum;
  const auto add_volume = [&](const Volume& volume) {
    for (std::uint32_t index = 1; index < volume.end(); ++index) {
      const At at = volume.at(index);
      if (has_object(at, index)) add(storage(at), &sum);
    }
  };
  add_volume(first_);
  for (std::uint32_t number = interface_.table_count(); number < kVolumes; ++number) {
    const VolumeEntry entry = interface_.volume(number);
    if (entry.table == this && entry.volume) add_volume(*entry.volume);
  }
  return sum;
}

int TableBase::visit_live(tally_entry_visitor visitor, void* user) const noexcept {
  if (!first_.is_started()) return 0;
  const Visit visit{*this, visitor, user};
  if (const int stop = visit_volume(first_, visit)) return stop;
  for (const Volume* each = further_volumes_.load(std::memory_order_acquire); each; each = each->next) {
    if (const int stop = visit_volume(*each, visit)) return stop;
  }
  for (const References* each = references_.load(std::memory_order_acquire); each; each = each->next) {
    for (std::uint32_t index = 1; index < each->end(); ++index) {
      const Reference& reference = each->at(index);
      const Word token = reference.token.load(std::memory_order_relaxed);
      const bool is_deferred = is_returned_in(token, index);
      if (!is_live_in(token, index) && !is_deferred) continue;
      const At at = at_place(reference.object.load(std::memory_order_relaxed));
      const Word handle = last_issued(at.slot->handle.load(std::memory_order_relaxed), at.index());
      if (const int stop = visit(handle, *at.slot, reference.created, is_deferred)) return stop;
    }
  }
  return 0;
}

}  // namespace tally::runtime
