// Only owners release: a reference to a counted object owns nothing.
// expect: error: .*(has no member named|no member named) .release
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Coin coin = conformance::Coin::create(module);
  const conformance::CoinRef reference = coin;
#ifdef FIXED
  coin.release();
#else
  reference.release();
#endif
  (void)reference;
}
