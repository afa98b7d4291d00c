// Memory that an author fills and returns: owned, not zero-filled, given to the caller without a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

namespace tally {

/// `size` bytes from malloc, aligned for anything, uninitialised. Move-only.
class Buffer {
 public:
  Buffer() noexcept = default;
  /// Throws std::bad_alloc.
  explicit Buffer(std::size_t size)
      : data_(static_cast<std::uint8_t*>(std::malloc(size ? size : 1))), size_(size) {
    if (!data_) throw std::bad_alloc();
  }
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { std::free(data_); }

  std::uint8_t* data() noexcept { return data_; }
  const std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// Says that only the first `size` bytes count; the memory stays as it is. `size` is at most size().
  void shrink(std::size_t size) noexcept { size_ = size < size_ ? size : size_; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tally
