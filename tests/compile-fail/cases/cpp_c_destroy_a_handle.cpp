// In C++ the C functions take no handle for a token.
// expect: error: (invalid conversion from|no matching function for call to)
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
