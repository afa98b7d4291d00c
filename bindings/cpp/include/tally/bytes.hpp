// Borrowed bytes: what a `bytes` parameter is in C++, on both sides of the boundary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#if __cplusplus >= 202002L
#include <span>
#endif

#include "tally/attributes.hpp"

namespace tally {

/// Memory that somebody else owns and that is good for the call: a pointer and a size. Made from any
/// contiguous container of one-byte values; nothing is copied.
class TALLY_MEMORY_POINTER Bytes {
 public:
  constexpr Bytes() noexcept = default;
  constexpr Bytes(const std::uint8_t* data, std::size_t size) noexcept : data_(data), size_(size) {}
  Bytes(const void* data, std::size_t size) noexcept
      : data_(static_cast<const std::uint8_t*>(data)), size_(size) {}

  /// A std::vector<std::uint8_t>, std::string, std::string_view, std::span<std::byte>, tally::Blob and the
  /// like.
  template <class Container,
            class Element = std::remove_pointer_t<decltype(std::declval<const Container&>().data())>,
            class = std::enable_if_t<sizeof(Element) == 1 && std::is_trivially_copyable<Element>::value &&
                                     !std::is_same<std::decay_t<Container>, Bytes>::value>>
  Bytes(const Container& container) noexcept
      : Bytes(static_cast<const void*>(container.data()), container.size()) {}

  constexpr const std::uint8_t* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr const std::uint8_t* begin() const noexcept { return data_; }
  constexpr const std::uint8_t* end() const noexcept { return data_ + size_; }

#if __cplusplus >= 202002L
  operator std::span<const std::byte>() const noexcept {
    return {reinterpret_cast<const std::byte*>(data_), size_};
  }
#endif

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tally
