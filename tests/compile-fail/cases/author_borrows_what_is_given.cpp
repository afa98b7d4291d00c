// An author whose method takes a reference where it is given an owner is told so.
// expect: error: .*lamp\.bulb\.replace needs a member function of Bulb: replace\(tally::Own<author::Bulb> other\)
// std: c++20
#include "bulb.hpp"

namespace author {

class Bulb : public RightBulb<Bulb> {
 public:
  using RightBulb::RightBulb;
#ifndef FIXED
  void replace(Bulb& other) {
    watts_ = other.watts_;
  }
#endif
};

}  // namespace author

#define LAMP_AUTHOR author
#define LAMP_MODULE_NAME "lamp"
#include "lamp_glue.hpp"
