// Arguments on their way in: checked before the author's code sees them, and, for owned objects, settled
// after it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tally/own.hpp"
#include "tally/runtime/call.hpp"
#include "tally/types.h"

namespace tally::runtime {

/// Bytes may be null only when there are none.
inline tally_status check_bytes(Call call, const char* parameter, const void* data,
                                std::size_t size) noexcept {
  return data || size == 0 ? TALLY_OK : null_argument(call, parameter);
}

/// Text besides has to be UTF-8; one that ends with a NUL is measured.
inline tally_status check_text(Call call, const char* parameter, const char* text,
                               std::size_t& size) noexcept {
  if (!text && size != 0) return null_argument(call, parameter);
  if (size == TALLY_NUL_TERMINATED) size = std::strlen(text);
  return is_utf8(text, size) ? TALLY_OK : not_utf8(call, parameter);
}

/// An enum has to have one of the values that the description gives it.
inline tally_status check_enum(Call call, const char* parameter, std::int32_t value,
                               std::span<const std::int32_t> values) noexcept {
  for (const std::int32_t each : values) {
    if (each == value) return TALLY_OK;
  }
  return invalid_argument(call, parameter, "is not one of the values of its enum");
}

/// An `own` argument of a class type, from the caller's token to the author's tally::Own.
///
/// The token is exchanged before the author's code runs. settle() decides what became of it: taken, and the
/// caller's pointer is zeroed, or not, and the caller's token is good again as if nothing had happened.
template <class Object, class Opaque>
class Taking {
 public:
  Taking(Table<Object>& table, Call call, const char* parameter, Opaque** pointer) noexcept
      : table_(table), pointer_(pointer), own_(table, 0, nullptr) {
    status_ = pointer ? table.own(call, parameter, *pointer, &slot_) : null_argument(call, parameter);
    if (status_ < 0) return;
    const Word token = table.transfer(*slot_, call.caller);
    if (token == 0) {
      status_ = exhausted(call, TALLY_LIMIT_REACHED);
      return;
    }
    own_ = Own<Object>(table, token, table.object_in(*slot_));
    is_pending_ = true;
  }
  Taking(const Taking&) = delete;
  Taking& operator=(const Taking&) = delete;
  ~Taking() {
    if (is_pending_) give_back();
  }

  tally_status status() const noexcept { return status_; }
  Own<Object>&& own() noexcept { return static_cast<Own<Object>&&>(own_); }
  bool is(const void* object) const noexcept { return is_pending_ && &*own_ == object; }
  /// Whether the author's code has moved it away.
  bool is_taken() const noexcept { return !own_; }

  void take() noexcept {
    is_pending_ = false;
    *pointer_ = nullptr;
  }

  void give_back() noexcept {
    is_pending_ = false;
    own_.detach();
    table_.untransfer(*slot_, word_of(*pointer_));
  }

 private:
  Table<Object>& table_;
  Opaque** pointer_;
  Slot* slot_ = nullptr;
  Own<Object> own_;
  tally_status status_ = TALLY_OK;
  bool is_pending_ = false;
};

/// All or none: a call that succeeded has taken every argument, one that failed has taken all if it took any.
template <class... Takings>
void settle(tally_status status, Takings&... takings) noexcept {
  if (status >= 0 || (takings.is_taken() || ...)) {
    (takings.take(), ...);
  } else {
    (takings.give_back(), ...);
  }
}

/// An object is given away by the very call that it is lent to.
[[gnu::cold]] tally_status lent_and_given(Call call, const char* parameter) noexcept;

/// Ends the object that a call has consumed, if it has.
template <class Object, class Opaque>
void consume(tally_status status, Table<Object>& table, Call call, Slot& slot, Opaque** pointer) noexcept {
  if (status < 0) return;
  table.retire(call, slot, word_of(*pointer));
  *pointer = nullptr;
}

/// A result of a class type: an object that the author made is created in place, one that it owned changes
/// hands.
template <class Object, class Opaque, class Make>
tally_status produce(Table<Object>& table, Call call, Opaque** out, Make&& make) noexcept {
  using Made = std::remove_cvref_t<decltype(make())>;
  if constexpr (std::is_same_v<Made, Own<Object>>) {
    return guard(call, [&]() -> tally_status {
      Own<Object> made = make();
      if (!made) throw std::logic_error("the author returned an empty tally::Own");
      Slot* slot = nullptr;
      const Word held = made.detach();
      const tally_status status = table.own(call, "result", as_pointer<Opaque>(held), &slot);
      if (status < 0) return status;
      const Word given = table.transfer(*slot, call.caller);
      *out = as_pointer<Opaque>(given != 0 ? given : held);
      return TALLY_OK;
    });
  } else {
    return table.create(call, out, std::forward<Make>(make));
  }
}

}  // namespace tally::runtime
