// A token that is spent calls nothing.
// expect gcc: warning -Wuse-after-free
// expect clang: nothing
// flags: -O1
#include "conformance.h"

void misuse(void) {
  int64_t value = 0;
  conformance_counter* const a = conformance_counter_create(0, TALLY_NULL);
#ifdef FIXED
  conformance_counter_value(a, &value);
  conformance_counter_destroy(a);
#else
  conformance_counter_destroy(a);
  conformance_counter_value(a, &value);
#endif
}
