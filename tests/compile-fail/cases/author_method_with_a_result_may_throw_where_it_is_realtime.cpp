// A method that is realtime in the description, and may throw.
// expect: error: .*drum\.voice\.render needs a member function of Voice: render\(author::Voice& into, tally::Bytes frames, std::string_view tag\) noexcept -> float
// std: c++20
#include <cstdint>
#include <string_view>

#include "tally/bytes.hpp"

namespace author {

class Voice {
 public:
#ifdef FIXED
  float render(Voice&, tally::Bytes, std::string_view) noexcept {
    return 0;
  }
#else
  float render(Voice&, tally::Bytes, std::string_view) {
    return 0;
  }
#endif
  void mute() noexcept {}
};

inline std::uint32_t beats(std::uint32_t bars, const Voice&) noexcept {
  return bars * 4;
}

}  // namespace author

#define DRUM_AUTHOR author
#define DRUM_MODULE_NAME "drum"
#include "drum_glue.hpp"
