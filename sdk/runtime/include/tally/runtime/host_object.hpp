// Objects that cross from the module to its host: as arguments of callbacks and of methods that the host
// implements.
#pragma once

#include "tally/module.h"
#include "tally/own.hpp"
#include "tally/runtime/results.hpp"
#include "tally/runtime/table.hpp"

namespace tally::runtime {

/// One of the functions that the host supplies for its class; throws CallbackError if it has none.
template <class Methods, class Function>
Function method_of(const Methods& methods, Function Methods::*member, const char* name) {
  const auto* const begin = reinterpret_cast<const char*>(&methods);
  const auto* const end = reinterpret_cast<const char*>(&(methods.*member)) + sizeof(Function);
  const bool is_there = static_cast<std::size_t>(end - begin) <= methods.header.size;
  if (!is_there || !(methods.*member))
    callback_error(TALLY_NOT_SUPPORTED, "not supported: the host has no method '%s'", name);
  return methods.*member;
}

/// The table that the host gives with an object: null, or made for another version, are refused.
inline tally_status check_methods(Call call, const tally_table_header* header) noexcept {
  if (!header) return null_argument(call, "methods");
  const bool is_ours = header->size >= sizeof *header && header->major == call.function.interface.major();
  return is_ours ? TALLY_OK : other_methods(call, *header);
}

/// The handle of an object that is lent to the host: one of this module's, which the author was given or
/// owns.
template <class Opaque, class Object>
const Opaque* handle_of(Object& object) noexcept {
  return as_pointer<const Opaque>(Table<Object>::handle_of_object(object));
}

/// An object that is given to the host: its token, as an `own` argument, for the length of one call. The
/// author has it still if the host does not take it.
template <class Opaque, class Object>
class Handed {
 public:
  explicit Handed(Own<Object>& own) noexcept : own_(own), token_(as_pointer<Opaque>(own.token())) {}
  Handed(const Handed&) = delete;
  Handed& operator=(const Handed&) = delete;
  ~Handed() {
    if (!token_) own_.detach();
  }
  operator Opaque**() noexcept { return &token_; }

 private:
  Own<Object>& own_;
  Opaque* token_;
};

template <class Opaque, class Object>
Handed<Opaque, Object> hand(Own<Object>& own) noexcept {
  return Handed<Opaque, Object>(own);
}

}  // namespace tally::runtime
