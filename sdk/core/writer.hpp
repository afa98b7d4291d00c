// Formatted text to a file descriptor, whole also when signals come in between.
#pragma once

namespace tally::core {

class Writer {
 public:
  explicit Writer(int descriptor) noexcept : descriptor_(descriptor) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { flush(); }

  /// At most 1,023 bytes at once.
  [[gnu::format(printf, 2, 3)]] void print(const char* format, ...) noexcept;
  void put(char character) noexcept;
  void flush() noexcept;

 private:
  static constexpr unsigned kCapacity = 4096;
  static constexpr unsigned kMost = 1024;  // of one print

  int descriptor_;
  unsigned size_ = 0;
  char buffer_[kCapacity];
};

}  // namespace tally::core
