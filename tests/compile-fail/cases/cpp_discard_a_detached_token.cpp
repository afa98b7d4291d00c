// A token that was taken out of its owner and dropped is a leak.
// expect gcc: warning -Wunused-result
// expect clang: warning -Wunused-result
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  conformance_counter* const token = a.detach();
  module.api()->counter_destroy(token);
#else
  a.detach();
#endif
}
