// A number is no value of an enum.
// expect: error: (cannot convert|cannot initialize a parameter|no viable conversion|no matching function)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  const conformance::Scribe s = conformance::Scribe::create(module);
#ifdef FIXED
  (void)s.echo_shade(conformance::Shade::light);
#else
  (void)s.echo_shade(7);
#endif
}
