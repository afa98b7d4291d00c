// Memory that is dropped is freed at once: a method whose memory is not used is a mistake.
// expect: warning -Wunused-result
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  const conformance::Scribe s = conformance::Scribe::create(module);
#ifdef FIXED
  const tally::Blob t = s.echo_text("hello");
  (void)t;
#else
  s.echo_text("hello");
#endif
}
