// See writer.hpp.
#include "writer.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>

namespace tally::core {

void Writer::print(const char* format, ...) noexcept {
  if (kCapacity - size_ < kMost) flush();
  std::va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(buffer_ + size_, kMost, format, arguments);
  va_end(arguments);
  if (length > 0) size_ += static_cast<unsigned>(length) < kMost ? static_cast<unsigned>(length) : kMost - 1;
}

void Writer::put(char character) noexcept {
  if (size_ == kCapacity) flush();
  buffer_[size_++] = character;
}

void Writer::flush() noexcept {
  for (unsigned written = 0; written < size_;) {
    const ssize_t count = write(descriptor_, buffer_ + written, size_ - written);
    if (count >= 0)
      written += static_cast<unsigned>(count);
    else if (errno != EINTR)
      break;  // nobody reads it, or there is no room
  }
  size_ = 0;
}

}  // namespace tally::core
