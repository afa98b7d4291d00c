// The blobs of one module: whatever an author returned as memory, kept as it was returned until the caller
// gives it back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "tally/blob.h"
#include "tally/runtime/table.hpp"

namespace tally::runtime {

/// An author returned text that is not UTF-8.
struct NotUtf8 {};

/// Any author's container, of whose type only its destructor is remembered. Small ones lie inside, others
/// behind a pointer.
class Holder {
 public:
  static constexpr std::size_t kRoom = 32;

  Holder() = default;
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() noexcept(false) {  // the author's may throw
    if (destroy_) destroy_(room_);
  }

  /// Keeps what `make` returns, built in place: its memory does not move, not even a short string's.
  template <class Make>
  auto& hold(Make&& make) {
    using Container = std::remove_cvref_t<decltype(make())>;
    if constexpr (sizeof(Container) <= kRoom && alignof(Container) <= alignof(std::max_align_t)) {
      Container* const container = ::new (static_cast<void*>(room_)) Container(std::forward<Make>(make)());
      destroy_ = [](void* room) { std::launder(static_cast<Container*>(room))->~Container(); };
      return *container;
    } else {
      Container* const container = new Container(std::forward<Make>(make)());
      ::new (static_cast<void*>(room_)) Container*(container);
      destroy_ = [](void* room) { delete *std::launder(static_cast<Container**>(room)); };
      return *container;
    }
  }

 private:
  alignas(std::max_align_t) std::byte room_[kRoom];
  void (*destroy_)(void* room) = nullptr;
};

class BlobTable : public Table<Holder> {
 public:
  constexpr BlobTable(Interface& interface, std::uint32_t class_index) noexcept
      : Table(interface, "blob", class_index, Rule::anyone) {}

  /// Runs the author's `make` and hands out the memory that it returns, without a copy. On failure *out stays
  /// as it is.
  template <class Make>
  tally_status produce_bytes(Call call, tally_blob* out, Make&& make) noexcept {
    return produce(call, out, std::forward<Make>(make),
                   [](auto& memory) { return as_blob(memory.data(), memory.size()); });
  }

  /// The same for text, in anything that has a c_str(); text that is not UTF-8 is refused.
  template <class Make>
  tally_status produce_text(Call call, tally_blob* out, Make&& make) noexcept {
    return produce(call, out, std::forward<Make>(make), [&](auto& text) {
      if (!is_utf8(text.c_str(), text.size())) throw NotUtf8{};
      return as_blob(text.c_str(), text.size());
    });
  }

 private:
  template <class Byte>
  static tally_blob as_blob(Byte* data, std::size_t size) noexcept {
    static_assert(sizeof(Byte) == 1, "a result of type bytes or string must be a container of bytes");
    return {reinterpret_cast<std::uint8_t*>(const_cast<std::remove_const_t<Byte>*>(data)), size, nullptr};
  }

  template <class Make, class AsBlob>
  tally_status produce(Call call, tally_blob* out, Make&& make, AsBlob&& as_blob) noexcept {
    tally_status status = TALLY_OK;
    Slot* const slot = reserve(&status);
    if (!slot) return exhausted(call, status);
    Holder* const holder = ::new (storage(*slot)) Holder;
    tally_blob blob{};
    status = guard(call, [&] {
      blob = as_blob(holder->hold(std::forward<Make>(make)));
      return TALLY_OK;
    });
    if (status < 0) {
      guard(call, [&] {
        holder->~Holder();
        return TALLY_OK;
      });
      abandon(*slot);
      return status;
    }
    blob.owner = as_pointer<tally_blob_owner>(commit(*slot, call.caller));
    *out = blob;
    return TALLY_OK;
  }
};

}  // namespace tally::runtime
