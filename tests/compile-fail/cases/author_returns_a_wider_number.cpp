// An author whose method returns a number that the described type can't hold does not get a module.
// expect: error: .*lamp\.bulb\.shine needs a member function of Bulb: shine\(std::uint32_t hours\) -> double
// std: c++20
#include "bulb.hpp"

namespace author {

class Bulb : public RightBulb<Bulb> {
 public:
  using RightBulb::RightBulb;
#ifndef FIXED
  long double shine(std::uint32_t hours) const {
    return hours * 1.0L * watts_;
  }
#endif
};

}  // namespace author

#define LAMP_AUTHOR author
#define LAMP_MODULE_NAME "lamp"
#include "lamp_glue.hpp"
