// An object is no blob.
// expect: error: (no matching function for call to|no matching constructor)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
#ifdef FIXED
  const tally::Blob t(tally_blob{});
  (void)a;
#else
  const tally::Blob t(a.token());
#endif
  (void)t;
}
