// A void pointer is any pointer in C, and no compiler minds.
// expect: nothing
#include "conformance.h"

void misuse(conformance_counter* a, void* p) {
#ifdef FIXED
  conformance_counter_destroy(a);
  (void)p;
#else
  (void)a;
  conformance_counter_destroy(p);
#endif
}
