// An author whose method takes a reference where it is given an owner is told so.
// expect: error: .*lamp\.bulb\.replace needs a member function of Bulb: replace\(tally::Own<author::Bulb> other\)
// std: c++20
#include <cstdint>
#include <string>

#include "tally/own.hpp"

namespace author {

class Bulb {
 public:
  explicit Bulb(std::int32_t watts) : watts_(watts) {}
  double shine(std::uint32_t hours) const { return hours * 1.0 * watts_; }
  std::string describe() const { return "bright"; }
#ifdef FIXED
  void replace(tally::Own<Bulb>&& other) {
    watts_ = other->watts_;
  }
#else
  void replace(Bulb& other) {
    watts_ = other.watts_;
  }
#endif

 private:
  std::int32_t watts_ = 0;
};

}  // namespace author

#define LAMP_AUTHOR author
#define LAMP_MODULE_NAME "lamp"
#include "lamp_glue.hpp"
