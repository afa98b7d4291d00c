// A token is given by its variable, so that the callee can zero it.
// expect: warning -Wincompatible-pointer-types
#include "conformance.h"

void misuse(const conformance_basket* b, conformance_counter* a) {
#ifdef FIXED
  conformance_basket_put(b, &a, CONFORMANCE_FAULT_NOTHING);
#else
  conformance_basket_put(b, a, CONFORMANCE_FAULT_NOTHING);
#endif
}
