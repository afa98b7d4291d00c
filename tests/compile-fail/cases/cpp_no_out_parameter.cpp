// Results are returned: there is no pointer for them that could be null.
// expect: error: (invalid conversion|cannot convert|cannot initialize a parameter|no matching function|too many arguments|no matching member function)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  (void)a.add(1);
#else
  (void)a.add(1, nullptr);
#endif
}
