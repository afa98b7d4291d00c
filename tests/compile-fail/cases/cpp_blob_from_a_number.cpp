// A number is no blob.
// expect: error: (no matching function for call to|no matching constructor)
#include "conformance.hpp"

void misuse() {
#ifdef FIXED
  const tally::Blob t(tally_blob{});
#else
  const tally::Blob t(0x123456789abcdef0);
#endif
  (void)t;
}
