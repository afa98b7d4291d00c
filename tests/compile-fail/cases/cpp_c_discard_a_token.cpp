// In C++ a creator of the C header whose result is not used leaks.
// expect: warning -Wunused-result
#include "conformance.h"

void misuse() {
#ifdef FIXED
  conformance_counter_destroy(conformance_counter_create(0, nullptr));
#else
  conformance_counter_create(0, nullptr);
#endif
}
