// An author whose method can not be reached is told that it is missing.
// expect: error: .*lamp\.bulb\.describe needs a member function of Bulb: describe\(\)
// std: c++20
#include "bulb.hpp"

namespace author {

class Bulb : public RightBulb<Bulb> {
 public:
  using RightBulb::RightBulb;
#ifndef FIXED
 private:
  using RightBulb::describe;
#endif
};

}  // namespace author

#define LAMP_AUTHOR author
#define LAMP_MODULE_NAME "lamp"
#include "lamp_glue.hpp"
