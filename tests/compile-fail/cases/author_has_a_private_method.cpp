// An author whose method can not be reached is told that it is missing.
// expect: error: .*lamp\.bulb\.describe needs a member function of Bulb: describe\(\)
// std: c++20
#include <cstdint>
#include <string>

#include "tally/own.hpp"

namespace author {

class Bulb {
 public:
  explicit Bulb(std::int32_t watts) : watts_(watts) {}
  double shine(std::uint32_t hours) const { return hours * 1.0 * watts_; }
#ifdef FIXED
  std::string describe() const {
    return "bright";
  }
#else
 private:
  std::string describe() const {
    return "bright";
  }

 public:
#endif
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
