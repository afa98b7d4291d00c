// A view has one token: copying it would close it twice.
// expect: error: (use of deleted function|call to (implicitly-)?deleted (copy )?constructor)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  const conformance::Page page = conformance::Page::create(module);
  tally::View v = page.text();
#ifdef FIXED
  const tally::View w = std::move(v);
#else
  const tally::View w = v;
#endif
  (void)w;
}
