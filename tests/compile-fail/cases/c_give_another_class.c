// An object of another class is not given away.
// expect: warning -Wincompatible-pointer-types
#include "conformance.h"

void misuse(const conformance_basket* b, conformance_counter* a, conformance_scribe* c) {
#ifdef FIXED
  (void)c;
  conformance_basket_put(b, &a, CONFORMANCE_FAULT_NOTHING);
#else
  (void)a;
  conformance_basket_put(b, &c, CONFORMANCE_FAULT_NOTHING);
#endif
}
