// An author who lacks a function without parameters is told which.
// expect: error: .*wiring\.volts needs a function of the namespace: volts\(\) -> std::uint16_t
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

std::string label(std::string_view text, const Wire& wire) {
  return std::string(text) + std::to_string(wire.length());
}
#ifdef FIXED
std::uint16_t volts() {
  return 230;
}
#endif

}  // namespace author

#define WIRING_AUTHOR author
#define WIRING_MODULE_NAME "wiring"
#include "wiring_glue.hpp"
