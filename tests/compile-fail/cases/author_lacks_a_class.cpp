// An author who lacks a class is told which; the line that is shown says what it is for.
// expect gcc: error: .*.Wire. has not been declared in
// expect clang: error: .*no member named .Wire. in namespace
// std: c++20
#include <cstdint>
#include <string>
#include <string_view>

namespace author {

#ifdef FIXED
class Wire {
 public:
  explicit Wire(std::uint32_t length) : length_(length) {}
  std::uint32_t length() const { return length_; }

 private:
  std::uint32_t length_;
};
#else
class Cable {};
#endif

#ifdef FIXED
std::string label(std::string_view text, const Wire& wire) {
  return std::string(text) + std::to_string(wire.length());
}
#endif
std::uint16_t volts() {
  return 230;
}

}  // namespace author

#define WIRING_AUTHOR author
#define WIRING_MODULE_NAME "wiring"
#include "wiring_glue.hpp"
