// A module is loaded once and unloaded once: it has one owner.
// expect: error: (use of deleted function|call to (implicitly-)?deleted (copy )?constructor)
#include "conformance.hpp"

void misuse(conformance::Module& module) {
#ifdef FIXED
  conformance::Module other = std::move(module);
#else
  conformance::Module other = module;
#endif
  (void)other;
}
