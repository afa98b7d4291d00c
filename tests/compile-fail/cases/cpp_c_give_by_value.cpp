// In C++ the C functions take a token by its variable only.
// expect: error: (cannot convert|no matching function for call to)
#include "conformance.h"

void misuse(const conformance_basket* b, conformance_counter* a) {
#ifdef FIXED
  conformance_basket_put(b, &a, CONFORMANCE_FAULT_NOTHING);
#else
  conformance_basket_put(b, a, CONFORMANCE_FAULT_NOTHING);
#endif
}
