// A number is no word.
// expect: error: (no matching function for call to|no matching constructor|invalid conversion|cannot initialize)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  const conformance::CounterRef r(module.api(), a.handle());
#else
  const conformance::CounterRef r(module.api(), 0x123456789abcdef0);
#endif
  (void)r.value();
  (void)a;
}
