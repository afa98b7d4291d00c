// An author whose method takes something else is told what it is given.
// expect: error: .*lamp\.bulb\.shine needs a member function of Bulb: shine\(std::uint32_t hours\)
// std: c++20
#include "bulb.hpp"

namespace author {

class Bulb : public RightBulb<Bulb> {
 public:
  using RightBulb::RightBulb;
#ifndef FIXED
  double shine(const char* hours) const {
    return hours ? watts_ : 0;
  }
#endif
};

}  // namespace author

#define LAMP_AUTHOR author
#define LAMP_MODULE_NAME "lamp"
#include "lamp_glue.hpp"
