// Whatever bytes come: calls with any words in any order, four bytes each, through the exported functions of
// the module of tests/property, under the sanitizers, and against the model.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "player.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMostSteps = 200;
  std::vector<property_test::Step> program;
  for (std::size_t i = 0; i + 4 <= size && program.size() < kMostSteps; i += 4)
    program.push_back({data[i], data[i + 1], data[i + 2], data[i + 3]});
  const std::string failure = property_test::play(program);
  if (failure.empty()) return 0;
  std::fprintf(stderr, "%s\nKeep it as a file in tests/property/regressions/:\n%s", failure.c_str(),
               property_test::to_text(program).c_str());
  std::abort();
}
