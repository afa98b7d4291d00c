// Giving away is said: an owner is moved, never taken silently.
// expect: error: (cannot bind rvalue reference|no viable conversion|rvalue reference to type .* cannot bind to lvalue)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  conformance::Basket b = conformance::Basket::create(module);
#ifdef FIXED
  b.put(std::move(a));
#else
  b.put(a);
#endif
}
