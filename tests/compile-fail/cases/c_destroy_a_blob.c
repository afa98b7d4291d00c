// A blob is not destroyed as an object.
// expect: warning -Wincompatible-pointer-types
#include "conformance.h"

void misuse(conformance_counter* a, tally_blob* t) {
#ifdef FIXED
  (void)a;
  tally_blob_free(t);
#else
  (void)a;
  conformance_counter_destroy(t);
#endif
}
