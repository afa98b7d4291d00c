// An author whose class can not be made is told how it has to be.
// expect: error: .*lamp\.bulb\.create needs a constructor of Bulb: Bulb\(std::int32_t watts\)
// std: c++20
#include <cstdint>
#include <string>

#include "tally/own.hpp"

namespace author {

class Bulb {
 public:
#ifdef FIXED
  explicit Bulb(std::int32_t watts) : watts_(watts) {}
#else
  explicit Bulb(const char* text);
#endif
  double shine(std::uint32_t hours) const {
    return hours * 1.0 * watts_;
  }
  std::string describe() const {
    return "bright";
  }
  void replace(tally::Own<Bulb>&& other) {
    watts_ = other->watts_;
  }

 private:
  std::int32_t watts_ = 0;
};

}  // namespace author

#define LAMP_AUTHOR author
#define LAMP_MODULE_NAME "lamp"
#include "lamp_glue.hpp"
