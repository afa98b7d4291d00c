// A value or the reason why there is none: what calls return that do not throw.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "tally/attributes.hpp"
#include "tally/error.hpp"

namespace tally {

namespace detail {

/// Asked for what is not there, a program ends: going on would be to make a value up.
[[noreturn]] inline void end_program(const char* what, const char* text) noexcept {
  std::fprintf(stderr, "tally::Expected: %s%s\n", what, text);
  std::abort();
}

}  // namespace detail

inline namespace TALLY_ERROR_MODE {

/// A T, or the Error that a call failed with. Look before you take: value(), * and -> of a failure end the
/// program with the error's text, and so does error() of a success.
template <class T>
class [[nodiscard]] Expected {
 public:
  using value_type = T;
  using error_type = Error;

  Expected(T&& value) : state_(std::in_place_index<0>, std::move(value)) {}
  Expected(const T& value) : state_(std::in_place_index<0>, value) {}
  Expected(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & noexcept TALLY_LIFETIMEBOUND { return *present(std::get_if<0>(&state_)); }
  const T& value() const& noexcept TALLY_LIFETIMEBOUND { return *present(std::get_if<0>(&state_)); }
  T&& value() && noexcept TALLY_LIFETIMEBOUND { return std::move(*present(std::get_if<0>(&state_))); }

  T& operator*() & noexcept TALLY_LIFETIMEBOUND { return value(); }
  const T& operator*() const& noexcept TALLY_LIFETIMEBOUND { return value(); }
  T&& operator*() && noexcept TALLY_LIFETIMEBOUND { return std::move(*this).value(); }
  T* operator->() noexcept TALLY_LIFETIMEBOUND { return &value(); }
  const T* operator->() const noexcept TALLY_LIFETIMEBOUND { return &value(); }

  template <class U>
  T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }
  template <class U>
  T value_or(U&& other) && {
    return has_value() ? std::move(*this).value() : static_cast<T>(std::forward<U>(other));
  }

  const Error& error() const noexcept TALLY_LIFETIMEBOUND {
    const Error* const error = std::get_if<1>(&state_);
    if (!error) detail::end_program("error() of a result that has a value", "");
    return *error;
  }

 private:
  template <class Pointer>
  Pointer present(Pointer value) const noexcept {
    if (!value) detail::end_program("value() of a failed result: ", error().what());
    return value;
  }

  std::variant<T, Error> state_;
};

/// What a call without a result comes to.
template <>
class [[nodiscard]] Expected<void> {
 public:
  using value_type = void;
  using error_type = Error;

  Expected() noexcept = default;
  Expected(Error error) : error_(std::move(error)) {}

  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const noexcept {
    if (error_) detail::end_program("value() of a failed result: ", error_->what());
  }
  const Error& error() const noexcept TALLY_LIFETIMEBOUND {
    if (!error_) detail::end_program("error() of a result that has a value", "");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace TALLY_ERROR_MODE
}  // namespace tally
