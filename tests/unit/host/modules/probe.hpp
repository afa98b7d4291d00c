// The author's side of the probe, for every version of its interface.
#pragma once

#include <cstdint>
#include <string>

namespace probe_author {

class Probe {
 public:
  explicit Probe(std::int32_t start) : value_(start) {}
  std::int32_t value() const { return value_; }
  std::int32_t raised(std::int32_t by) { return value_ += by; }
  std::string text() const { return std::to_string(value_); }

 private:
  std::int32_t value_;
};

}  // namespace probe_author
