// A token of one class is none of another.
// expect: error: (no matching function for call to|cannot convert|cannot initialize a parameter)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  conformance::Counter b = conformance::Counter::adopt(module, a.detach());
#else
  conformance::Basket b = conformance::Basket::adopt(module, a.detach());
#endif
  b.destroy();
}
