// A growing array of plain values on malloc, which reports a failed allocation instead of throwing, so that
// libtally needs no C++ runtime library. Never freed: it lives in libtally's static storage.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <type_traits>

namespace tally::core {

template <class T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  bool push(const T& value) {
    if (size_ == capacity_ && !grow()) return false;
    items_[size_++] = value;
    return true;
  }

  /// Removes one, keeping the order of the rest.
  void remove(std::size_t index) {
    for (std::size_t next = index + 1; next < size_; ++next) items_[next - 1] = items_[next];
    --size_;
  }

  std::size_t size() const { return size_; }
  T& operator[](std::size_t index) { return items_[index]; }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }

 private:
  bool grow() {
    const std::size_t capacity = capacity_ ? capacity_ * 2 : 16;
    void* const grown = std::realloc(items_, capacity * sizeof(T));
    if (!grown) return false;
    items_ = static_cast<T*>(grown);
    capacity_ = capacity;
    return true;
  }

  T* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace tally::core
