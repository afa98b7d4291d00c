// Days and times of day, as text that sorts.
#pragma once

#include <ctime>
#include <string>

namespace tally::report {

/// Now, in UTC: "2026-11-25T18:20:30Z".
inline std::string now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

/// Today, in UTC: "2026-11-25".
inline std::string today() {
  return now().substr(0, 10);
}

}  // namespace tally::report
