// An owner has one token: copying it would make two owners of one object.
// expect: error: (use of deleted function|call to (implicitly-)?deleted (copy )?constructor)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  const conformance::Counter spare = std::move(a);
#else
  const conformance::Counter spare = a;
#endif
  (void)spare;
}
