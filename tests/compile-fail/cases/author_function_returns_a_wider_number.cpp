// An author whose function returns what the described type can't hold is told which, and what to return.
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
#else
int volts() {
  return 230;
}
#endif

}  // namespace author

#define WIRING_AUTHOR author
#define WIRING_MODULE_NAME "wiring"
#include "wiring_glue.hpp"
