// Texts as part of a test's name.
#pragma once

#include <cctype>
#include <string>
#include <string_view>

/// The text without what is special in names of tests: letters, digits and a few others stay.
inline std::string readable(std::string_view text) {
  std::string name;
  for (const char each : text) {
    const bool stays = std::isalnum(static_cast<unsigned char>(each)) ||
                       std::string_view(" .,:-").find(each) != std::string_view::npos;
    name += stays ? each : '_';
  }
  return name;
}
