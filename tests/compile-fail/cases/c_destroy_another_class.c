// An object of one class is not destroyed as another.
// expect: warning -Wincompatible-pointer-types
#include "conformance.h"

void misuse(conformance_counter* a, conformance_basket* b) {
#ifdef FIXED
  (void)b;
  conformance_counter_destroy(a);
#else
  (void)a;
  conformance_counter_destroy(b);
#endif
}
