// A method that consumes its object belongs to the owner.
// expect: error: .*no member named .end
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  const conformance::CounterRef r = a;
#ifdef FIXED
  (void)r;
  (void)std::move(a).end();
#else
  (void)r.end();
#endif
}
