// Functions and objects of the caller's that a module calls: how they are kept, handed over and answered for.
#pragma once

#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "tally/blob.hpp"
#include "tally/result.hpp"

namespace tally {

namespace detail {
inline namespace TALLY_MODE {

template <class Out, class T>
void put(Out* out, T&& value) noexcept {
  *out = static_cast<Out>(value);
}
inline void put(tally_blob* out, Blob&& value) noexcept {
  *out = value.detach();
}

#ifdef __cpp_exceptions
/// The exception under way as a failure, for the module. An Error keeps its status, but for an error of
/// another interface, whose number means something else here; all else is TALLY_EXCEPTION.
inline tally_status answer_exception(const char* interface) noexcept {
  try {
    throw;
  } catch (const InterfaceError& error) {
    const bool is_its_own = std::strcmp(error.interface(), interface) == 0;
    return tally_fail(is_its_own ? error.status() : TALLY_EXCEPTION, error.what());
  } catch (const Error& error) {
    return tally_fail(error.status(), error.what());
  } catch (const std::bad_alloc&) {
    return tally_fail(TALLY_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception& error) {
    return tally_fail(TALLY_EXCEPTION, error.what());
  } catch (...) {
    return tally_fail(TALLY_EXCEPTION, "an exception of a type that does not derive from std::exception");
  }
}
#endif

template <class Function>
tally_status call(Function& function) {
#ifdef TALLY_EXPECTED
  const Expected<void> result = function();
  return result ? TALLY_OK : tally_fail(result.error().status(), result.error().what());
#else
  function();
  return TALLY_OK;
#endif
}

template <class Out, class Function>
tally_status call(Function& function, Out* out) {
#ifdef TALLY_EXPECTED
  auto result = function();
  if (!result) return tally_fail(result.error().status(), result.error().what());
  put(out, *std::move(result));
#else
  put(out, function());
#endif
  return TALLY_OK;
}

}  // namespace TALLY_MODE
}  // namespace detail

inline namespace TALLY_MODE {

/// What stands behind the user data of a C callback: the caller's function, or its object, and the table of
/// the module that calls it. The module deletes it through release().
template <class Interface, class Target>
struct Hook {
  const typename Interface::Api* api;
  Target target;

  static Hook& of(void* user) noexcept { return *static_cast<Hook*>(user); }
  static void TALLY_CALL release(void* user) noexcept { delete static_cast<Hook*>(user); }
};

/// A hook that is still ours.
template <class Interface, class Target>
std::unique_ptr<Hook<Interface, Target>> hook(const typename Interface::Api* api, Target target) {
  return std::unique_ptr<Hook<Interface, Target>>(new Hook<Interface, Target>{api, std::move(target)});
}

/// Records that a std::unique_ptr of which a `name` should be made is null.
inline tally_status null_pointer(const char* name) noexcept {
  char text[256];
  std::snprintf(text, sizeof text, "%s: null argument: 'methods' is null; pass an object that implements it",
                name);
  return tally_fail(TALLY_NULL_ARGUMENT, text);
}

/// Records that an object of the host's lacks a method which came with a later version.
inline tally_status not_implemented(const char* name) noexcept {
  char text[256];
  std::snprintf(text, sizeof text, "%s: not supported: the host's object does not override it", name);
  return tally_fail(TALLY_NOT_SUPPORTED, text);
}

/// A function on its way to a module. It is the module's once the call that was given it has succeeded, which
/// taken() says; until then it is ours, and ends with this. An empty function is a null argument.
template <class Raw, class Interface, class Function>
class HandedOver {
  using Kept = Hook<Interface, Function>;

 public:
  HandedOver(const typename Interface::Api* api, Function&& function, decltype(Raw::call) call)
      : hook_(function ? new Kept{api, std::move(function)} : nullptr),
        raw_{call, hook_.get(), &Kept::release} {}

  operator const Raw*() const noexcept { return hook_ ? &raw_ : nullptr; }
  void taken() noexcept { static_cast<void>(hook_.release()); }

 private:
  std::unique_ptr<Kept> hook_;
  Raw raw_;
};

/// Calls a function of the caller's for a module: its result is written to `out`, if it has one, and a
/// failure becomes a status with the text as the last error. No exception leaves it.
template <class Interface, class Function, class... Out>
tally_status answer(Function&& function, Out*... out) noexcept {
#ifdef __cpp_exceptions
  try {
    return detail::call(function, out...);
  } catch (...) {
    return detail::answer_exception(Interface::kName);
  }
#else
  return detail::call(function, out...);
#endif
}

}  // namespace TALLY_MODE
}  // namespace tally
