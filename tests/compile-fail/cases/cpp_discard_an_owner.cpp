// An owner that is dropped destroys its object at once: a creator whose result is not used is a mistake.
// expect gcc: warning -Wunused-result
// expect clang: warning -Wunused-value
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
#ifdef FIXED
  const conformance::Counter a = conformance::Counter::create(module);
  (void)a;
#else
  conformance::Counter::create(module);
#endif
}
