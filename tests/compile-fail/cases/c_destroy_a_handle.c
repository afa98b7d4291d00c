// A handle does not destroy.
// expect gcc: warning -Wdiscarded-qualifiers
// expect clang: warning -Wincompatible-pointer-types-discards-qualifiers
#include "conformance.h"

void misuse(conformance_counter* a, const conformance_counter* r) {
#ifdef FIXED
  (void)r;
  conformance_counter_destroy(a);
#else
  (void)a;
  conformance_counter_destroy(r);
#endif
}
