// Memory has one token: copying a blob would free it twice.
// expect: error: (use of deleted function|call to (implicitly-)?deleted (copy )?constructor)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  tally::Blob t = conformance::Scribe::create(module).echo_text("hello");
#ifdef FIXED
  const tally::Blob u = std::move(t);
#else
  const tally::Blob u = t;
#endif
  (void)u;
}
