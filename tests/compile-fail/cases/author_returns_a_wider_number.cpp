// An author whose method returns a number that the described type can't hold does not get a module.
// expect: error: .*the result is a number that the described type can't hold
// std: c++20
#include <cstdint>
#include <string>

#include "tally/own.hpp"

namespace author {

class Bulb {
 public:
  explicit Bulb(std::int32_t watts) : watts_(watts) {}
#ifdef FIXED
  double shine(std::uint32_t hours) const {
    return hours * 1.0 * watts_;
  }
#else
  long double shine(std::uint32_t hours) const {
    return hours * 1.0L * watts_;
  }
#endif
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
