// A handle of one class is none of another.
// expect: error: (no matching function for call to|no matching constructor|cannot convert|conversion from)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  conformance::Basket b = conformance::Basket::create(module);
#ifdef FIXED
  const conformance::BasketRef r = b;
#else
  const conformance::BasketRef r = a;
#endif
  (void)r.count();
  (void)a;
}
