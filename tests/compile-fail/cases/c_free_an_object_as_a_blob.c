// An object is not freed as a blob.
// expect: warning -Wincompatible-pointer-types
#include "conformance.h"

void misuse(conformance_counter* a) {
#ifdef FIXED
  conformance_counter_destroy(a);
#else
  tally_blob_free(a);
#endif
}
