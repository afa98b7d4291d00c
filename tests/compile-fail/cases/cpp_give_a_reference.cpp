// Only an owner can be given away.
// expect: error: (cannot convert|no viable conversion|could not convert)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  conformance::Basket b = conformance::Basket::create(module);
  const conformance::CounterRef r = a;
#ifdef FIXED
  b.put(std::move(a));
  (void)r;
#else
  b.put(r);
#endif
}
