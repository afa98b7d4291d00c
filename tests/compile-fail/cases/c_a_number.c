// A number is no word.
// expect: warning -Wint-conversion
#include "conformance.h"

void misuse(conformance_counter* a) {
#ifdef FIXED
  conformance_counter_destroy(a);
#else
  (void)a;
  conformance_counter_destroy(0x12345678);
#endif
}
