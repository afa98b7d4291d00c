// The same of one that returns nothing.
// expect: error: .*drum\.voice\.mute needs a member function of Voice: mute\(\) noexcept
// std: c++20
#include <cstdint>
#include <string_view>

#include "tally/bytes.hpp"

namespace author {

class Voice {
 public:
  float render(Voice&, tally::Bytes, std::string_view) noexcept { return 0; }
#ifdef FIXED
  void mute() noexcept {}
#else
  void mute() {}
#endif
};

inline std::uint32_t beats(std::uint32_t bars, const Voice&) noexcept {
  return bars * 4;
}

}  // namespace author

#define DRUM_AUTHOR author
#define DRUM_MODULE_NAME "drum"
#include "drum_glue.hpp"
