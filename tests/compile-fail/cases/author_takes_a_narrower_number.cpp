// An author whose method takes a number that can't hold what callers may give does not get a module.
// expect: error: .*(loses integer precision|conversion from).*int16_t
// std: c++20
#include "bulb.hpp"

namespace author {

class Bulb : public RightBulb<Bulb> {
 public:
  using RightBulb::RightBulb;
#ifndef FIXED
  double shine(std::int16_t hours) const {
    return hours * 1.0 * watts_;
  }
#endif
};

}  // namespace author

#define LAMP_AUTHOR author
#define LAMP_MODULE_NAME "lamp"
#include "lamp_glue.hpp"
