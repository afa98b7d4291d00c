// Objects of two classes are not compared.
// expect: error: (no match for .operator==|invalid operands to binary expression)
#include "conformance.hpp"

void misuse(const conformance::Module& module) {
  conformance::Counter a = conformance::Counter::create(module);
  conformance::Basket b = conformance::Basket::create(module);
#ifdef FIXED
  const conformance::CounterRef r = a;
  (void)b;
  (void)(a == r);
#else
  (void)(a == b);
#endif
}
