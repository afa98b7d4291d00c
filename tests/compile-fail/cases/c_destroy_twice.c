// A token is spent once.
// expect gcc: warning -Wuse-after-free
// expect clang: nothing
// flags: -O1
#include "conformance.h"

void misuse(void) {
  conformance_counter* const a = conformance_counter_create(0, TALLY_NULL);
  conformance_counter_destroy(a);
#ifndef FIXED
  conformance_counter_destroy(a);
#endif
}
