// A number is no view, and neither is an object's token.
// expect: error: (no matching function for call to|no matching constructor)
#include "conformance.hpp"

void misuse() {
#ifdef FIXED
  const tally::View v(tally_view{});
#else
  const tally::View v(std::uint64_t{0x1234});
#endif
  (void)v;
}
