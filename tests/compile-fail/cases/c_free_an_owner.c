// What a module made is not memory of malloc.
// expect gcc: warning -Wmismatched-dealloc
// expect clang: nothing
// flags: -O1
#include <stdlib.h>

#include "conformance.h"

void misuse(void) {
  conformance_counter* const a = conformance_counter_create(0, TALLY_NULL);
#ifdef FIXED
  conformance_counter_destroy(a);
#else
  free(a);
#endif
}
