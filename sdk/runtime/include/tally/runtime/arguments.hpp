// Arguments on their way in: checked before the author's code sees them, and, for owned objects, settled
// after it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tally/blob.h"
#include "tally/own.hpp"
#include "tally/owned_bytes.hpp"
#include "tally/runtime/call.hpp"
#include "tally/runtime/results.hpp"
#include "tally/types.h"

namespace tally::runtime {

/// Bytes may be null only when there are none, and there can't be more than any memory has.
inline tally_status check_bytes(Call call, const char* parameter, const void* data,
                                std::size_t size) noexcept {
  if (!data && size != 0) return null_argument(call, parameter);
  return size <= PTRDIFF_MAX ? TALLY_OK : impossible_size(call, parameter, size);
}

/// Text besides has to be UTF-8; one that ends with a NUL is measured.
inline tally_status check_text(Call call, const char* parameter, const char* text,
                               std::size_t& size) noexcept {
  if (!text && size != 0) return null_argument(call, parameter);
  if (size == TALLY_NUL_TERMINATED) size = std::strlen(text);
  if (size > PTRDIFF_MAX) return impossible_size(call, parameter, size);
  return is_utf8(text, size) ? TALLY_OK : not_utf8(call, parameter, {text, size});
}

/// An enum has to have one of the values that the description gives it.
inline tally_status check_enum(Call call, const char* parameter, std::int32_t value,
                               Choices choices) noexcept {
  return choices.have(value) ? TALLY_OK : no_such_choice(call, parameter, value, choices.names);
}

/// An `own` argument of a class type, from the caller's token to the author's tally::Own.
///
/// The token is exchanged before the author's code runs. settle() decides what became of it: taken, and the
/// caller's pointer is zeroed, or not, and the caller's token is good again as if nothing had happened. The
/// object is pinned meanwhile.
template <class Object, class Opaque>
class Taking {
 public:
  Taking(Table<Object>& table, Call call, const char* parameter, Opaque** pointer) noexcept
      : table_(table), pointer_(pointer), own_(table, 0, nullptr) {
    if (!pointer) {
      status_ = null_argument(call, parameter);
      return;
    }
    transfer_ = table.transfer(call, parameter, *pointer, true, &status_);
    if (status_ < 0) {
      if (transfer_.before) exhausted(call, status_);
      return;
    }
    own_ = Own<Object>(table, transfer_.given, table.object_in(transfer_.now.object));
    is_pending_ = true;
  }
  Taking(const Taking&) = delete;
  Taking& operator=(const Taking&) = delete;
  ~Taking() {
    if (is_pending_) give_back();
  }

  tally_status status() const noexcept { return status_; }
  Own<Object>&& own() noexcept { return static_cast<Own<Object>&&>(own_); }
  Object* object() const noexcept { return table_.object_in(transfer_.now.object); }
  bool is(const void* object) const noexcept { return is_pending_ && this->object() == object; }
  /// Whether the argument of another parameter is the same.
  bool gives(Opaque* const* other) const noexcept { return is_pending_ && other && *other == *pointer_; }
  /// Whether the author's code has moved it away, or put another in its place.
  bool is_taken() const noexcept { return own_.token() != transfer_.given; }

  /// What the author has not moved away ends with this argument.
  void take(tally_status) noexcept {
    is_pending_ = false;
    *pointer_ = nullptr;
    table_.leave(transfer_.now.object);
  }

  void give_back() noexcept {
    is_pending_ = false;
    own_.detach();
    table_.untransfer(transfer_, word_of(*pointer_));
    table_.leave(transfer_.now.object);
  }

 private:
  Table<Object>& table_;
  Opaque** pointer_;
  TableBase::Transfer transfer_;
  Own<Object> own_;
  tally_status status_ = TALLY_OK;
  bool is_pending_ = false;
};

/// The object that a call consumes: pinned for the call, and ended by its success, unless that has happened
/// meanwhile.
template <class Object, class Opaque>
class Consuming {
 public:
  Consuming(Table<Object>& table, Call call, Opaque** pointer) noexcept
      : table_(table), call_(call), pointer_(pointer) {
    if (!pointer) {
      status_ = null_argument(call, "self");
      return;
    }
    claim_ = table.begin_consuming(call, *pointer, &status_);
  }
  Consuming(const Consuming&) = delete;
  Consuming& operator=(const Consuming&) = delete;
  ~Consuming() {
    if (!claim_) return;
    table_.resume(claim_, word_of(*pointer_));
    table_.leave(claim_.object);
  }

  tally_status status() const noexcept { return status_; }
  Object* object() const noexcept { return table_.object_in(claim_.object); }

  void settle(tally_status status) noexcept {
    if (status < 0) return;
    table_.end_consumed(call_, std::exchange(claim_, {}), word_of(std::exchange(*pointer_, nullptr)));
  }

 private:
  Table<Object>& table_;
  Call call_;
  Opaque** pointer_;
  Claim claim_;
  tally_status status_ = TALLY_OK;
};

/// All or none: a call that succeeded has taken every argument, one that failed has taken all if it took any.
/// Only callbacks are never a failed call's: nothing would tell the caller that they have been taken.
template <class... Takings>
void settle(tally_status status, Takings&... takings) noexcept {
  if (status >= 0 || (takings.is_taken() || ...)) {
    (takings.take(status), ...);
  } else {
    (takings.give_back(), ...);
  }
}

/// Own memory as an argument: a blob of any module's.
class TakingBlob {
 public:
  TakingBlob(Call call, const char* parameter, tally_blob* blob) noexcept;
  TakingBlob(const TakingBlob&) = delete;
  TakingBlob& operator=(const TakingBlob&) = delete;
  ~TakingBlob() {
    if (is_pending_) give_back();
  }

  tally_status status() const noexcept { return status_; }
  OwnedBytes&& own() noexcept { return static_cast<OwnedBytes&&>(own_); }
  const OwnedBytes& memory() const noexcept { return own_; }
  /// Whether the argument of another parameter is the same.
  bool gives(const tally_blob* other) const noexcept {
    return is_pending_ && other && other->owner == blob_->owner;
  }
  /// Whether the author's code has moved it away, or put another in its place.
  bool is_taken() const noexcept { return own_.token() != taken_; }
  void take(tally_status) noexcept {
    is_pending_ = false;
    *blob_ = {};
  }
  void give_back() noexcept;

 private:
  tally_blob* blob_;
  tally_provider* provider_ = nullptr;
  Word taken_ = 0;
  OwnedBytes own_;
  tally_status status_ = TALLY_OK;
  bool is_pending_ = false;
};

/// Own text has to be UTF-8.
tally_status check_text(Call call, const char* parameter, const TakingBlob& text) noexcept;

/// One token is given for two parameters of one call.
[[gnu::cold]] tally_status given_twice(Call call, const char* first, const char* second) noexcept;

/// An object is given away by the very call that it is lent to.
[[gnu::cold]] tally_status lent_and_given(Call call, const char* given, const char* lent) noexcept;

/// A result of a class type: an object that the author made is created in place, one that it owned changes
/// hands; the former as a child of `parent`, if the class has one.
template <class Object, class Opaque, class Make>
tally_status produce(Table<Object>& table, Call call, Opaque** out, Make&& make,
                     Place parent = kNowhere) noexcept {
  using Made = std::remove_cvref_t<decltype(make())>;
  if constexpr (std::is_same_v<Made, Own<Object>>) {
    return guard(call, [&]() -> tally_status {
      Own<Object> made = make();
      if (!made) throw std::logic_error("the author returned an empty tally::Own");
      const Word held = made.detach();
      tally_status status = TALLY_OK;
      const auto transfer = table.transfer(call, "result", as_pointer<Opaque>(held), false, &status);
      if (!transfer.before) return status;
      *out = as_pointer<Opaque>(transfer.given != 0 ? transfer.given : held);
      return TALLY_OK;
    });
  } else {
    return table.create(call, out, std::forward<Make>(make), parent);
  }
}

}  // namespace tally::runtime
