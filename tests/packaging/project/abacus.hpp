// The author's class of the module abacus.
#pragma once

#include <cstdint>
#include <string>

namespace abacus {

class Counter {
 public:
  explicit Counter(std::int64_t start) : value_(start) {}
  std::int64_t add(std::int64_t amount) { return value_ += amount; }
  std::string show() const { return "It is " + std::to_string(value_) + " now."; }

 private:
  std::int64_t value_;
};

}  // namespace abacus
