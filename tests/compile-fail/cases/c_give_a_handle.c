// A handle is not given away.
// expect gcc: warning -Wincompatible-pointer-types
// expect clang: warning -Wincompatible-pointer-types-discards-qualifiers
#include "conformance.h"

void misuse(const conformance_basket* b, conformance_counter* a, const conformance_counter* r) {
#ifdef FIXED
  (void)r;
  conformance_basket_put(b, &a, CONFORMANCE_FAULT_NOTHING);
#else
  (void)a;
  conformance_basket_put(b, &r, CONFORMANCE_FAULT_NOTHING);
#endif
}
