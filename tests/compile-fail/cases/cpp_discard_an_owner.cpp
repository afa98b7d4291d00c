// An owner that is dropped destroys its object at once: a creator whose result is not used is a mistake.
// expect: warning -Wunused-result
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
#ifdef FIXED
  const conformance::Counter a = conformance::Counter::create(module);
  (void)a;
#else
  conformance::Counter::create(module);
#endif
}
