// An object of another class can not be lent.
// expect: error: (could not convert|cannot convert|no viable conversion)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  conformance::Basket b = conformance::Basket::create(module);
#ifdef FIXED
  (void)b;
  (void)a.add_all(a);
#else
  (void)a.add_all(b);
#endif
}
