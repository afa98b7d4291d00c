// An author who forgets to name the namespace of the classes is told what to define.
// expect: error: .*define LAMP_AUTHOR, the namespace of the classes
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
  void replace(tally::Own<Bulb>&& other) { watts_ = other->watts_; }

 private:
  std::int32_t watts_ = 0;
};

}  // namespace author

#ifdef FIXED
#define LAMP_AUTHOR author
#endif
#define LAMP_MODULE_NAME "lamp"
#include "lamp_glue.hpp"
