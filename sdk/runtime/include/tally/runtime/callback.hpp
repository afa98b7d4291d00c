// Callbacks that a caller gives: function, user data, release. The module's author holds a tally::Callback,
// which a generated class wraps. Released exactly once: when the call that gave it has succeeded and the
// author has let go of it; not at all if that call failed.
#pragma once

#include <atomic>
#include <cstdint>
#include <new>
#include <utility>

#include "tally/blob.h"
#include "tally/owned_bytes.hpp"
#include "tally/runtime/call.hpp"
#include "tally/runtime/memory.hpp"

namespace tally {

namespace runtime {

/// How many calls of this module's are out in the host's functions. It is not unloaded meanwhile.
TALLY_HIDDEN extern std::atomic<std::uint32_t> calls_out;

/// One of them.
class CallOut {
 public:
  CallOut() noexcept { calls_out.fetch_add(1, std::memory_order_relaxed); }
  CallOut(const CallOut&) = delete;
  CallOut& operator=(const CallOut&) = delete;
  ~CallOut() { calls_out.fetch_sub(1, std::memory_order_relaxed); }
};

/// A callback and who holds it: the call that gives it, the author, and every call of it that is under way.
template <class Raw>
struct CallbackState {
  Raw raw;
  std::atomic<int> holders{2};
  std::atomic<bool> has_failed{false};  // the call that gave it

  void hold() noexcept { holders.fetch_add(1, std::memory_order_relaxed); }
  void let_go() noexcept {
    if (holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (!has_failed.load(std::memory_order_relaxed) && raw.release) {
      const CallOut out;
      raw.release(raw.user);
    }
    delete this;
  }
};

/// One call of a callback.
template <class Raw>
class HeldCallback {
 public:
  explicit HeldCallback(CallbackState<Raw>& state) noexcept : state_(state) { state.hold(); }
  HeldCallback(const HeldCallback&) = delete;
  HeldCallback& operator=(const HeldCallback&) = delete;
  ~HeldCallback() { state_.let_go(); }

  const Raw* operator->() const noexcept { return &state_.raw; }

 private:
  CallOut out_;
  CallbackState<Raw>& state_;
};

/// Throws CallbackError for one that is empty, or that was never taken.
[[noreturn, gnu::cold]] void callback_is_missing(const char* name);

/// One call of a callback, or of a method of an object that the host implements: what came of it is an error
/// or a result, and neither is believed unseen. Throws CallbackError.
class Asking {
 public:
  /// Before the call. Static text: the interface, and what is called: "watcher" or "scribe.read".
  Asking(const char* interface, const char* name) noexcept
      : interface_(interface), name_(name), failures_(failures()) {}

  /// After it. An error is thrown with the text that was recorded during the call; one from before it is none
  /// of its own.
  void check(tally_status status) const {
    if (status < 0) [[unlikely]]
      fail(status);
  }

  /// The memory that it returned, as if it were an `own` argument: the token is exchanged, and what its
  /// provider knows of it counts, whatever the struct says. What is refused stays the host's.
  OwnedBytes bytes(const tally_blob& out) const;
  /// The same; what is not UTF-8 is freed, and refused.
  OwnedBytes text(const tally_blob& out) const;

 private:
  static std::uint32_t failures() noexcept {
    return __atomic_load_n(&thread_offset, __ATOMIC_RELAXED) != 0 ? this_thread().failures : 0;
  }
  [[noreturn, gnu::cold]] void fail(tally_status status) const;

  const char* interface_;
  const char* name_;
  std::uint32_t failures_;  // that the thread had recorded
};

}  // namespace runtime

/// A callback of the caller's, for as long as the author keeps it. Move-only.
template <class Raw>
class Callback {
 public:
  explicit Callback(runtime::CallbackState<Raw>* state) noexcept : state_(state) {}
  Callback(Callback&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  Callback& operator=(Callback&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;
  ~Callback() {
    if (state_) state_->let_go();
  }

  explicit operator bool() const noexcept { return state_ != nullptr; }

  /// What to call, held for as long as the result lives: it may be let go of meanwhile, by what it does
  /// itself. `name` is for the message if there is nothing.
  runtime::HeldCallback<Raw> held(const char* name) const {
    // The analyzer does not follow the count of holders, of which this callback is one.
    // NOLINTBEGIN(clang-analyzer-cplusplus.NewDelete)
    if (!state_ || state_->has_failed.load(std::memory_order_relaxed)) runtime::callback_is_missing(name);
    return runtime::HeldCallback<Raw>(*state_);
    // NOLINTEND(clang-analyzer-cplusplus.NewDelete)
  }

 private:
  runtime::CallbackState<Raw>* state_;
};

namespace runtime {

/// A callback as an argument.
template <class Raw>
class TakingCallback {
 public:
  TakingCallback(Call call, const char* parameter, const Raw* raw) noexcept : own_(nullptr) {
    if (!raw || !raw->call) {
      status_ = raw ? not_implemented(call, parameter) : null_argument(call, parameter);
      return;
    }
    state_ = new (std::nothrow) CallbackState<Raw>{*raw};
    if (!state_) {
      status_ = exhausted(call, TALLY_OUT_OF_MEMORY);
      return;
    }
    own_ = Callback<Raw>(state_);
  }
  TakingCallback(const TakingCallback&) = delete;
  TakingCallback& operator=(const TakingCallback&) = delete;
  ~TakingCallback() {
    if (state_) give_back();
  }

  tally_status status() const noexcept { return status_; }
  Callback<Raw>&& own() noexcept { return static_cast<Callback<Raw>&&>(own_); }
  /// A callback that the author has moved away can still be called off.
  bool is_taken() const noexcept { return false; }

  void take(tally_status status) noexcept {
    if (status < 0) return give_back();
    let_go();
  }
  void give_back() noexcept {
    state_->has_failed.store(true, std::memory_order_relaxed);
    let_go();
  }

 private:
  void let_go() noexcept { std::exchange(state_, nullptr)->let_go(); }

  CallbackState<Raw>* state_ = nullptr;
  Callback<Raw> own_;
  tally_status status_ = TALLY_OK;
};

/// What a method of an object that the host implements returned: a blob, which goes on to the caller.
template <class Make>
tally_status pass_on(Call call, tally_blob* out, Make&& make) noexcept {
  return guard(call, [&] {
    *out = make().detach();
    return TALLY_OK;
  });
}

}  // namespace runtime
}  // namespace tally
