// A number is no token.
// expect: error: (no matching function for call to|invalid conversion from|cannot initialize a parameter)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
#ifdef FIXED
  conformance::Counter a = conformance::Counter::adopt(module, nullptr);
#else
  conformance::Counter a = conformance::Counter::adopt(module, 0x123456789abcdef0);
#endif
  a.destroy();
}
