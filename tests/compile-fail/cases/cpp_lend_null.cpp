// A reference is made of an owner, not of null.
// expect: error: (could not convert|cannot convert|no viable conversion)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  (void)a.add_all(a);
#else
  (void)a.add_all(nullptr);
#endif
}
