// An author whose method returns a number for a text does not get a module.
// expect: error: .*lamp\.bulb\.describe needs a member function of Bulb: describe\(\) -> std::string
// std: c++20
#include "bulb.hpp"

namespace author {

class Bulb : public RightBulb<Bulb> {
 public:
  using RightBulb::RightBulb;
#ifndef FIXED
  int describe() const {
    return watts_;
  }
#endif
};

}  // namespace author

#define LAMP_AUTHOR author
#define LAMP_MODULE_NAME "lamp"
#include "lamp_glue.hpp"
