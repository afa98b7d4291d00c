// An object of one class is not called as another.
// expect: warning -Wincompatible-pointer-types
#include "conformance.h"

void misuse(const conformance_counter* a, const conformance_basket* b) {
  uint32_t count = 0;
#ifdef FIXED
  (void)a;
  conformance_basket_count(b, &count);
#else
  (void)b;
  conformance_basket_count(a, &count);
#endif
}
