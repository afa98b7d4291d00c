// There is no null in place of an owner that is given.
// expect: error: (cannot convert|could not convert|invalid initialization|could not bind)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  conformance::Basket b = conformance::Basket::create(module);
#ifdef FIXED
  b.put(std::move(a));
#else
  (void)a;
  b.put(nullptr);
#endif
}
