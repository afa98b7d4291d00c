// Consuming is said: the owner is moved into the call.
// expect gcc: error: passing .* discards qualifiers
// expect clang: error: 'this' argument .* is an lvalue, but function has rvalue ref-qualifier
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  (void)std::move(a).end();
#else
  (void)a.end();
#endif
}
