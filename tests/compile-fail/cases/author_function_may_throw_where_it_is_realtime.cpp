// The same of a function of the namespace.
// expect: error: .*drum\.beats needs a function of the namespace: beats\(std::uint32_t bars, author::Voice& of\) noexcept -> std::uint32_t
// std: c++20
#include <cstdint>
#include <string_view>

#include "tally/bytes.hpp"

namespace author {

class Voice {
 public:
  float render(Voice&, tally::Bytes, std::string_view) noexcept { return 0; }
  void mute() noexcept {}
};

#ifdef FIXED
inline std::uint32_t beats(std::uint32_t bars, const Voice&) noexcept {
  return bars * 4;
}
#else
inline std::uint32_t beats(std::uint32_t bars, const Voice&) {
  return bars * 4;
}
#endif

}  // namespace author

#define DRUM_AUTHOR author
#define DRUM_MODULE_NAME "drum"
#include "drum_glue.hpp"
