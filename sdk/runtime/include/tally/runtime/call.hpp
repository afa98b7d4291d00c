// One call into the module: who is called, from where, and how its failures become a status and a text.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tally/error.h"
#include "tally/runtime/interface.hpp"
#include "tally/runtime/word.hpp"

/// Where the exported function that this stands in was called from.
#define TALLY_CALLER __builtin_return_address(0)

/// Of an exported function under its hidden name. It begins a block of 32 bytes, as processors fetch them: a
/// checked call is short enough for one or two, and a tenth slower when it lies across one more.
#define TALLY_ENTRY TALLY_HIDDEN __attribute__((aligned(32)))

/// Makes an exported function another name of a hidden one. gcc wants to be told that neither throws, which
/// it has found out of the other; clang takes that for an exception specification.
#if defined(__clang__)
#define TALLY_ALIAS(hidden) __attribute__((alias(hidden)))
#else
#define TALLY_ALIAS(hidden) __attribute__((nothrow, alias(hidden)))
#endif

namespace tally::runtime {

class TableBase;

/// An exported function, as its failures name it. Constant.
struct Function {
  Interface& interface;
  const char* name;      ///< its C name
  bool may_ask = false;  ///< to be refused is one of its answers, and no misuse
};

/// One call of it. Two words, which only failures and creations look at: passed by value, so that a call that
/// succeeds never writes them to memory.
struct Call {
  const Function& function;
  void* caller;  ///< TALLY_CALLER
};

/// What a word was wanted for, as it decides what is wrong with it.
enum class Wanted {
  object,  ///< to call: a handle or a token
  token,   ///< to destroy or to take: the owner's token
};

// Each records the thread's last error, and returns its status.

/// A pointer that must not be null is; `parameter` is its name in C.
[[gnu::cold]] tally_status null_argument(Call call, const char* parameter) noexcept;
/// An argument's value is not one that the function takes; `why` goes on after the parameter's name: "must be
/// ...".
[[gnu::cold]] tally_status invalid_argument(Call call, const char* parameter, const char* why) noexcept;
/// No memory has that many bytes.
[[gnu::cold]] tally_status impossible_size(Call call, const char* parameter, std::size_t size) noexcept;
/// An enum's argument is none of its values, which `names` lists.
[[gnu::cold]] tally_status no_such_choice(Call call, const char* parameter, std::int32_t value,
                                          const char* names) noexcept;
/// An index is not below the size.
[[gnu::cold]] tally_status beyond_the_end(Call call, std::uint64_t index, std::uint64_t size) noexcept;
/// A table of methods that the caller implements is not of the version that this module was made with.
[[gnu::cold]] tally_status other_methods(Call call, const tally_table_header& header) noexcept;
/// Text is not UTF-8; says from which byte on.
[[gnu::cold]] tally_status not_utf8(Call call, const char* parameter, std::string_view text) noexcept;
/// The object that `class_name` is can't end, or be changed, now; `why` follows.
[[gnu::cold]] tally_status borrowed(Call call, const char* class_name, const char* why) noexcept;
/// An exclusive object is in use on another thread.
[[gnu::cold]] tally_status concurrent_use(Call call, const char* parameter, const char* class_name) noexcept;
/// The calling thread is real-time, and no destructor runs on it.
[[gnu::cold]] tally_status is_on_realtime_thread(Call call, const char* class_name) noexcept;
/// Its children, which the text names, hold it.
[[gnu::cold]] tally_status has_children(Call call, const char* class_name, const char* children) noexcept;
/// The parent was destroyed while its child was being made.
[[gnu::cold]] tally_status parent_is_gone(Call call) noexcept;
/// The blob is an author's container.
[[gnu::cold]] tally_status not_resizable(Call call) noexcept;
/// The blob has been given away as often as one can be.
[[gnu::cold]] tally_status worn_out(Call call) noexcept;
/// A callback of the caller's, or a method of an object that it implements, is missing.
[[gnu::cold]] tally_status not_implemented(Call call, const char* what) noexcept;
/// No memory, or no slot.
[[gnu::cold]] tally_status exhausted(Call call, tally_status status) noexcept;
/// The word is not what `table` issued and still stands by; finds out what it is instead.
[[gnu::cold]] tally_status refuse(Call call, const TableBase& table, const char* parameter, Word word,
                                  Wanted wanted) noexcept;
/// The exception that is being handled: the interface's own errors keep their status, the standard library's
/// become the nearest, all others TALLY_EXCEPTION.
[[gnu::cold]] tally_status caught(Call call) noexcept;
/// The same of a destructor's: TALLY_EXCEPTION, whatever it is, since all other errors say that nothing has
/// ended.
[[gnu::cold]] tally_status caught_from_destructor(Call call) noexcept;

/// Thrown through the glue's own code when a part of a call has failed, and its error is recorded.
struct Failed {
  tally_status status;
};

/// What a creator returns that has failed: *error, if wanted, is the thread's last error.
[[gnu::cold]] std::nullptr_t no_object(Call call, tally_error* error) noexcept;

/// Whether `size` bytes are well-formed UTF-8.
bool is_utf8(const char* text, std::size_t size) noexcept;

/// How many of its bytes, from the first on, are: all, or those before the first that is not.
std::size_t utf8_length(const char* text, std::size_t size) noexcept;

/// "stale handle": as the host library's tally_status_text, of Tallystick's own errors; null for all others.
const char* words_of(tally_status status) noexcept;

/// From the thread pointer to the thread's record; 0 until the module has started.
TALLY_HIDDEN extern std::ptrdiff_t thread_offset;

/// The calling thread's record. Nobody's memory before the module has started: see thread_offset.
inline tally_thread& this_thread() noexcept {
  const std::ptrdiff_t offset = __atomic_load_n(&thread_offset, __ATOMIC_RELAXED);
  return *reinterpret_cast<tally_thread*>(static_cast<char*>(__builtin_thread_pointer()) + offset);
}

/// The load epoch, from libtally; set when the module starts.
TALLY_HIDDEN extern const std::uint32_t* load_epoch;

/// The site of a caller: its address and the load epoch.
inline tally_site site_of(const void* caller) noexcept {
  const std::uint32_t* const epoch = __atomic_load_n(&load_epoch, __ATOMIC_RELAXED);
  // What is above the epoch is shifted out.
  return (std::uint64_t{__atomic_load_n(epoch, __ATOMIC_RELAXED)} << 48) |
         (word_of(caller) & ((std::uint64_t{1} << 48) - 1));
}

/// Replaces the site of a creation by its stack, if libtally can have that.
[[gnu::cold]] void keep_stack(std::atomic<tally_site>& created, const void* caller) noexcept;

/// After a creation, whose site is noted: every so often, where libtally has asked for stacks, keeps the
/// stack.
inline void perhaps_keep_stack(std::atomic<tally_site>& created, const void* caller,
                               tally_thread& thread) noexcept {
  const std::uint32_t* const epoch = __atomic_load_n(&load_epoch, __ATOMIC_RELAXED);
  if (__atomic_load_n(epoch, __ATOMIC_RELAXED) >= TALLY_EPOCH_STACKS && thread.until_stack-- <= 1)
      [[unlikely]]
    keep_stack(created, caller);
}

/// Runs the author's code; no exception leaves.
template <class Body>
tally_status guard(Call call, Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    return caught(call);
  }
}

/// Runs a destructor of the author's. If it throws, the object has ended all the same.
template <class Destructor>
tally_status guard_end(Call call, Destructor&& destructor) noexcept {
  try {
    destructor();
    return TALLY_OK;
  } catch (...) {
    return caught_from_destructor(call);
  }
}

}  // namespace tally::runtime
