// In C++ the C functions take no word of another class.
// expect: error: (cannot convert|no matching function for call to)
#include <cstdint>

#include "conformance.h"

void misuse(const conformance_counter* a, const conformance_basket* b) {
  std::uint32_t count = 0;
#ifdef FIXED
  (void)a;
  conformance_basket_count(b, &count);
#else
  (void)b;
  conformance_basket_count(a, &count);
#endif
}
