// An object of the host's has every method that its class had from the start.
// expect: error: .*abstract
#include "conformance.hpp"

class Valve : public conformance::ValveMethods {
 public:
  std::int64_t turn(std::int64_t by) override { return by; }
  std::int64_t hold(conformance::CounterRef) override { return 0; }
  std::int64_t swallow(conformance::Counter) override { return 0; }
  tally::Blob label() override { return tally::Blob(); }
#ifdef FIXED
  void seal() override {}
#endif
};

conformance::Valve misuse(const conformance::Module& module) {
  return conformance::Valve::create(module, std::make_unique<Valve>());
}
