// A creator whose result is not used leaks.
// expect: warning -Wunused-result
#include "conformance.h"

void misuse(void) {
#ifdef FIXED
  conformance_counter_destroy(conformance_counter_create(0, TALLY_NULL));
#else
  conformance_counter_create(0, TALLY_NULL);
#endif
}
