// The views of one module: each is a child of the object whose memory it shows, so that the object's end
// waits for it.
#pragma once

#include <cstdint>
#include <type_traits>

#include "tally/runtime/blob_table.hpp"
#include "tally/runtime/table.hpp"
#include "tally/view.h"

namespace tally::runtime {

/// There is nothing in it: what a view shows is in its object.
struct View {};

class ViewTable : public Table<View> {
 public:
  constexpr ViewTable(Interface& interface, std::uint32_t class_index) noexcept
      : Table(interface, "view", class_index, {.has_kin = true, .is_view = true}) {}

  /// Runs the author's `show`, and opens a view of what it returns, by value or as a reference: memory inside
  /// `object`. On failure *out stays as it is.
  template <class Show>
  tally_status open_bytes(Call call, tally_view* out, Place object, Show&& show) noexcept {
    return open(call, out, object, false, show);
  }

  /// The same for text; text that is not UTF-8 is refused.
  template <class Show>
  tally_status open_text(Call call, tally_view* out, Place object, Show&& show) noexcept {
    return open(call, out, object, true, show);
  }

  /// tally_view_close.
  tally_status close(Call call, Word token) noexcept {
    return destroy(call, "view", as_pointer<void>(token));
  }

 private:
  template <class Show>
  tally_status open(Call call, tally_view* out, Place object, bool is_text, Show& show) noexcept {
    if (const tally_status status = check_is_still(call, object); status < 0) return status;
    tally_view shown{};
    const tally_status status = guard(call, [&] {
      auto&& memory = show();
      static_assert(StaysInObject<decltype(show())>,
                    "a view must be of memory that stays in its object: return a std::string_view, a "
                    "tally::Bytes, or a reference, and no container by value");
      static_assert(sizeof(*memory.data()) == 1,
                    "a view must be of bytes: a std::string_view, a tally::Bytes");
      shown.data = reinterpret_cast<const std::uint8_t*>(memory.data());
      shown.size = memory.size();
      const auto* const text = reinterpret_cast<const char*>(shown.data);
      if (is_text && !is_utf8(text, shown.size)) throw NotUtf8{utf8_length(text, shown.size)};
      return TALLY_OK;
    });
    if (status < 0) return status;
    tally_view_owner* owner = nullptr;
    const tally_status made = create(
        call, &owner, [] { return View{}; }, object);
    if (made < 0) return made;
    if (is_any_threads(object))
      live_at(word_of(owner)).slot->thread.store(Slot::kAnyThread, std::memory_order_relaxed);
    shown.owner = owner;
    *out = shown;
    return TALLY_OK;
  }
};

}  // namespace tally::runtime
