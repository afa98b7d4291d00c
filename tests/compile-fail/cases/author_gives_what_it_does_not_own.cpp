// An author whose method gives a text that it does not own does not get a module.
// expect: error: .*lamp\.bulb\.describe needs a member function of Bulb: describe\(\) -> std::string
// std: c++20
#include <cstdint>
#include <string>
#include <string_view>

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
  std::string_view describe() const {
    return "bright";
  }
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
