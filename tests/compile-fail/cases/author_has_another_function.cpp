// An author whose function of that name takes something else is told what it is given.
// expect: error: .*wiring\.label needs a function of the namespace: label\(std::string_view text, author::Wire& wire\) -> std::string
// std: c++20
#include <cstdint>
#include <string>
#include <string_view>

namespace author {

class Wire {
 public:
  explicit Wire(std::uint32_t length) : length_(length) {}
  std::uint32_t length() const { return length_; }

 private:
  std::uint32_t length_;
};

#ifdef FIXED
std::string label(std::string_view text, const Wire& wire) {
  return std::string(text) + std::to_string(wire.length());
}
#else
std::string label(std::string_view text) {
  return std::string(text);
}
#endif
std::uint16_t volts() {
  return 230;
}

}  // namespace author

#define WIRING_AUTHOR author
#define WIRING_MODULE_NAME "wiring"
#include "wiring_glue.hpp"
