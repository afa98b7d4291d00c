// A blob's token is not destroyed as an object.
// expect: warning -Wincompatible-pointer-types
#include "conformance.h"

void misuse(tally_blob* t) {
#ifdef FIXED
  tally_blob_free(t);
#else
  conformance_counter_destroy(t->owner);
#endif
}
