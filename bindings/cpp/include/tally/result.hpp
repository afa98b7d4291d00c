// What generated functions return, written once for both ways of hearing of failures (mode.hpp).
#pragma once

#include <utility>

#include "tally/error.hpp"
#include "tally/expected.hpp"

namespace tally {

#ifdef __cpp_exceptions
namespace detail {

template <class One>
void throw_if(tally_status status) {
  if (status == One::kStatus) throw One(tally_last_error()->text);
}

}  // namespace detail
#endif

inline namespace TALLY_MODE {

#ifdef TALLY_EXPECTED

/// T, or with TALLY_EXPECTED an Expected<T>.
template <class T>
using Result = Expected<T>;

/// What a failed call comes to, its text being the thread's last error. `Errors` are the interface's own.
template <class T, class... Errors>
Result<T> fail(tally_status status) {
  return Error(status, tally_last_error()->text);
}

/// The value of a result where nothing else can be returned: ends the program if there is none.
template <class T>
T value_of(Expected<T>&& result) noexcept {
  return std::move(result).value();
}

#else

/// T, or with TALLY_EXPECTED an Expected<T>.
template <class T>
using Result = T;

/// What a failed call comes to: throws the thread's last error, as one of `Errors`, the interface's own, or
/// as an Error. It never returns, but is not marked so: `return fail<T>(status)` has to read well in both
/// ways.
template <class T, class... Errors>
Result<T> fail(tally_status status) {
  (detail::throw_if<Errors>(status), ...);
  throw Error(status, tally_last_error()->text);
}

/// The value of a result where nothing but a value can be returned.
template <class T>
T value_of(T result) {
  return result;
}

#endif

/// What a call without a result comes to.
template <class... Errors>
Result<void> check(tally_status status) {
  if (status < 0) return fail<void, Errors...>(status);
  return Result<void>();
}

/// What a call comes to that has more than one success: TALLY_OK or TALLY_DEFERRED.
inline Result<tally_status> check_status(tally_status status) {
  if (status < 0) return fail<tally_status>(status);
  return status;
}

}  // namespace TALLY_MODE
}  // namespace tally
