// The text of an error, written piece by piece.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "tally/core.h"

namespace tally::runtime {

/// Is cut at a character, and ends in "...", if it grows too long.
class Text {
 public:
  explicit Text(tally_error& error) : error_(error) { error.text[0] = '\0'; }

  [[gnu::format(printf, 2, 3)]] Text& add(const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    add(format, arguments);
    va_end(arguments);
    return *this;
  }

  Text& add(const char* format, std::va_list arguments) {
    const int length = std::vsnprintf(error_.text + size_, sizeof error_.text - size_, format, arguments);
    if (length < 0) return *this;
    size_ += static_cast<std::size_t>(length);
    if (size_ >= sizeof error_.text) cut();
    return *this;
  }

  Text& add_site(const tally_core& core, const char* before, tally_site site) {
    if ((site & ((tally_site{1} << 48) - 1)) == 0) return *this;  // nobody's code
    char place[300];
    core.site_text(site, place, sizeof place);
    return add("%s%s", before, place);
  }

 private:
  void cut() {
    std::size_t end = sizeof error_.text - 4;
    while (end > 0 && (static_cast<unsigned char>(error_.text[end]) & 0xC0) == 0x80)
      --end;  // not inside a character
    std::memcpy(error_.text + end, "...", 4);
    size_ = sizeof error_.text - 1;
  }

  tally_error& error_;
  std::size_t size_ = 0;
};

}  // namespace tally::runtime
