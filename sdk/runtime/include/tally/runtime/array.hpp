// An array: one object that owns many of another class. Its elements are called by handle; their tokens never
// leave it.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <new>
#include <utility>
#include <vector>

#include "tally/memory.hpp"
#include "tally/runtime/arguments.hpp"
#include "tally/runtime/table.hpp"

namespace tally::runtime {

template <class Element>
class Array {
 public:
  /// `count` elements, each what `make` returns; if the n-th can't be made, those before it end again, the
  /// last first.
  template <class Make>
  Array(Table<Element>& table, Call call, std::uint64_t count, Make&& make)
      : table_(table), tokens_(tally::memory()) {
    if (count >= kSlots) throw std::bad_alloc();
    tokens_.reserve(count);
    try {
      for (std::uint64_t i = 0; i < count; ++i) add(call, make);
    } catch (...) {
      end(call.caller);
      throw;
    }
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() { end(nullptr); }

  /// The elements, the last first; `caller` has destroyed the array.
  void end(void* caller) noexcept {
    const Function function{table_.interface(), "the end of an array"};
    for (; !tokens_.empty(); tokens_.pop_back())
      table_.destroy_within(Call{function, caller}, "element", tokens_.back());
  }

  std::uint64_t size() const noexcept { return tokens_.size(); }

  /// The handle of an element; INVALID_ARGUMENT beyond the end.
  template <class Opaque>
  tally_status at(Call call, std::uint64_t index, const Opaque** out) const noexcept {
    if (index >= size()) return beyond_the_end(call, index, size());
    *out = as_pointer<const Opaque>(table_.ref(call, as_pointer<void>(tokens_[index])));
    return TALLY_OK;
  }

 private:
  /// An element could not be made, for a reason that is already the last error.
  template <class Make>
  void add(Call call, Make&& make) {
    void* token = nullptr;
    const tally_status status = table_.create(call, &token, [&] { return make(); });
    if (status < 0) throw Failed{status};
    tokens_.push_back(word_of(token));
  }

  Table<Element>& table_;
  std::pmr::vector<Word> tokens_;
};

template <class Element>
inline constexpr bool is_array<Array<Element>> = true;

}  // namespace tally::runtime
