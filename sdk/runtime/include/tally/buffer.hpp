// Memory that an author fills and returns: owned, not zero-filled, given to the caller without a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "tally/runtime/memory.hpp"

namespace tally {

/// `size` bytes, aligned for anything, uninitialised, of the module's memory: as its host has said
/// (tally::memory()). Move-only.
class Buffer {
 public:
  Buffer() noexcept = default;
  /// Throws std::bad_alloc, also where the host's limit does not allow it.
  explicit Buffer(std::size_t size)
      : data_(static_cast<std::uint8_t*>(runtime::module_memory.allocate(size, kAlignment))),
        size_(size),
        allocated_(size) {}
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        allocated_(std::exchange(other.allocated_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(allocated_, other.allocated_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() {
    if (data_) runtime::module_memory.free(data_, allocated_, kAlignment);
  }

  std::uint8_t* data() noexcept { return data_; }
  const std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// Says that only the first `size` bytes count; the memory stays as it is. `size` is at most size().
  void shrink(std::size_t size) noexcept { size_ = size < size_ ? size : size_; }

 private:
  static constexpr std::size_t kAlignment = alignof(std::max_align_t);

  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t allocated_ = 0;
};

}  // namespace tally
