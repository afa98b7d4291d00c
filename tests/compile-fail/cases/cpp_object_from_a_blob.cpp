// A blob is no object.
// expect: error: (no matching function for call to|no viable conversion|conversion from)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  tally::Blob t = conformance::Scribe::create(module).echo_text("hello");
#ifdef FIXED
  const conformance::Counter a = conformance::Counter::create(module);
#else
  const conformance::Counter a = std::move(t);
#endif
  (void)a;
  (void)t;
}
