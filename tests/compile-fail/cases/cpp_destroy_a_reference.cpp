// A reference is a right to call; it has no destroy.
// expect: error: .*(has no member named|no member named) .destroy
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  const conformance::CounterRef r = a;
#ifdef FIXED
  a.destroy();
  (void)r;
#else
  r.destroy();
#endif
}
