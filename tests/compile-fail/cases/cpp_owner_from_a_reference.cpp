// A reference becomes no owner.
// expect: error: (conversion from|no viable conversion)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  const conformance::CounterRef r = a;
#ifdef FIXED
  const conformance::Counter b = std::move(a);
  (void)r;
#else
  const conformance::Counter b = r;
#endif
  (void)b;
}
