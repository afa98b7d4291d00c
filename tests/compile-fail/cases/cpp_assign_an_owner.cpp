// An owner is assigned by moving only.
// expect: error: (use of deleted function|.*is implicitly deleted)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  conformance::Counter spare = conformance::Counter::create(module);
#ifdef FIXED
  spare = std::move(a);
#else
  spare = a;
#endif
}
