// The blobs of one module: whatever an author returned as memory, kept as it was returned until the caller
// gives it back; and memory that a caller has asked for, to fill and give.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>

#include "tally/blob.h"
#include "tally/bytes.hpp"
#include "tally/runtime/requirements.hpp"
#include "tally/runtime/table.hpp"

namespace tally::runtime {

/// An author returned text that is not UTF-8.
struct NotUtf8 {
  std::size_t at;  ///< the first byte that is not
};

/// Memory of the module's as a container, for callers to fill.
class RawMemory {
 public:
  RawMemory(Memory& from, std::size_t size, std::size_t alignment, bool is_zeroed);
  RawMemory(RawMemory&& other) noexcept;
  RawMemory(const RawMemory&) = delete;
  RawMemory& operator=(const RawMemory&) = delete;
  ~RawMemory();

  std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  void resize(std::size_t size);

 private:
  Memory* from_;
  std::uint8_t* data_;
  std::size_t size_;
  std::size_t alignment_;
};

/// Any author's container, of whose type only its destructor is remembered. Small ones lie inside, others
/// behind a pointer.
class Holder {
 public:
  static constexpr std::size_t kRoom = 32;

  Holder() noexcept { set_memory(nullptr, 0); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() noexcept(false) {  // the author's may throw
    if (destroy_) destroy_(room_);
  }

  /// Keeps what `make` returns, built in place: its memory does not move, not even a short string's.
  template <class Make>
  auto& hold(Make&& make) {
    using Container = std::remove_cvref_t<decltype(make())>;
    if constexpr (is_inside<Container>) {
      Container* const container = ::new (static_cast<void*>(room_)) Container(std::forward<Make>(make)());
      destroy_ = destroy_inside<Container>;
      return *container;
    } else {
      Container* const container = new Container(std::forward<Make>(make)());
      ::new (static_cast<void*>(room_)) Container*(container);
      destroy_ = [](void* room) { delete *std::launder(static_cast<Container**>(room)); };
      return *container;
    }
  }

  /// The memory that callers see; they may change what they were told, but not this.
  void set_memory(std::uint8_t* data, std::size_t size) noexcept {
    data_ = data;
    __atomic_store_n(&size_, size, __ATOMIC_RELAXED);
  }
  std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return __atomic_load_n(&size_, __ATOMIC_RELAXED); }

  /// Null if it holds something else.
  RawMemory* raw() noexcept {
    return destroy_ == destroy_inside<RawMemory> ? std::launder(reinterpret_cast<RawMemory*>(room_))
                                                 : nullptr;
  }

 private:
  template <class Container>
  static constexpr bool is_inside = sizeof(Container) <= kRoom &&
                                    alignof(Container) <= alignof(std::max_align_t);

  template <class Container>
  static void destroy_inside(void* room) {
    std::launder(static_cast<Container*>(room))->~Container();
  }

  alignas(std::max_align_t) std::byte room_[kRoom];
  void (*destroy_)(void* room) = nullptr;
  std::uint8_t* data_;
  std::size_t size_;  // the ledger reads it on any thread, even of a blob that is just being made
};

class BlobTable : public Table<Holder> {
 public:
  constexpr BlobTable(Interface& interface, std::uint32_t class_index) noexcept
      : Table(interface, "blob", class_index, {.rule = Rule::anyone}) {}

  /// Runs the author's `make` and hands out the memory that it returns, without a copy. On failure *out stays
  /// as it is.
  template <class Make>
  tally_status produce_bytes(Call call, tally_blob* out, Make&& make) noexcept {
    return produce(call, out, std::forward<Make>(make), [](auto& memory, Holder& holder) {
      holder.set_memory(as_bytes(memory.data()), memory.size());
    });
  }

  /// The same for text, in anything that has a c_str(); text that is not UTF-8 is refused.
  template <class Make>
  tally_status produce_text(Call call, tally_blob* out, Make&& make) noexcept {
    return produce(call, out, std::forward<Make>(make), [](auto& text, Holder& holder) {
      static_assert(HasText<decltype(text)>,
                    "a result of type own string must be a container with c_str() and size(): return a "
                    "std::string");
      if (!is_utf8(text.c_str(), text.size())) throw NotUtf8{utf8_length(text.c_str(), text.size())};
      holder.set_memory(as_bytes(text.c_str()), text.size());
    });
  }

  /// Memory for the caller to fill; `alignment` 0 is malloc's.
  tally_status allocate(Call call, std::uint64_t size, std::uint64_t alignment, bool is_zeroed,
                        tally_blob* out) noexcept;
  /// tally_blob_resize, of what allocate() made.
  tally_status resize(Call call, tally_blob* blob, std::size_t size) noexcept;

  /// What all of them hold together, which is looked for one by one.
  std::uint64_t bytes() const noexcept;

  /// Gives the blob to a new owner: *blob is then what is known of it here, with the new owner's token.
  tally_status take(Call call, const char* parameter, tally_blob* blob) noexcept;
  /// Undoes it: `token` is good again.
  void give_back(Word token, Word taken) noexcept;

 private:
  template <class Byte>
  static std::uint8_t* as_bytes(Byte* data) noexcept {
    static_assert(sizeof(Byte) == 1, "a result of type bytes or string must be a container of bytes");
    return reinterpret_cast<std::uint8_t*>(const_cast<std::remove_const_t<Byte>*>(data));
  }

  template <class Make, class Show>
  tally_status produce(Call call, tally_blob* out, Make&& make, Show&& show) noexcept {
    using Container = std::remove_cvref_t<decltype(make())>;
    static_assert(OwnsMemory<Container>,
                  "a result of type own string or own bytes must own its memory: return a std::string, a "
                  "std::vector<std::uint8_t>, a tally::Buffer, and not a view of one");
    tally_status status = TALLY_OK;
    const At at = reserve(&status);
    if (!at) return exhausted(call, status);
    Lane& own = *this_lane();
    Holder* const holder = ::new (storage(at)) Holder;
    status = guard(call, [&] {
      show(holder->hold(std::forward<Make>(make)), *holder);
      return TALLY_OK;
    });
    if (status < 0) {
      guard_end(call, [&] { holder->~Holder(); });
      abandon(at, own);
      return status;
    }
    *out = {holder->data(), holder->size(), as_pointer<tally_blob_owner>(commit(at, own, call.caller))};
    return TALLY_OK;
  }
};

}  // namespace tally::runtime
