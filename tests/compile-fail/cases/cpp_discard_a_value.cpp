// A value that is not looked at was not worth the call.
// expect gcc: warning -Wunused-result
// expect clang: warning -Wunused-result
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  const std::int64_t value = a.value();
  (void)value;
#else
  a.value();
#endif
}
