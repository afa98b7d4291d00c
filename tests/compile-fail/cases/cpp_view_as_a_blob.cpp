// A view is no blob, and a blob no view: each closes or frees what it is.
// expect: error: (no matching function for call to|no matching constructor)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  const conformance::Page page = conformance::Page::create(module);
  tally::View v = page.text();
#ifdef FIXED
  const tally::View w(v.detach());
#else
  const tally::Blob w(v.detach());
#endif
  (void)w;
}
