// A handle becomes no token.
// expect: error: (no matching function for call to|invalid conversion from|cannot initialize a parameter)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  conformance::Counter b = conformance::Counter::adopt(module, a.detach());
#else
  conformance::Counter b = conformance::Counter::adopt(module, a.handle());
#endif
  b.destroy();
}
