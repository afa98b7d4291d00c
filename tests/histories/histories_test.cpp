// Small random programs on several threads, through the exported functions of one module, whose runtime lets
// others in between any two steps: some order must explain what each was answered. TALLY_HISTORY_SECONDS: how
// long; TALLY_HISTORY_SEED: from which program on; TALLY_HISTORY_TIMES: how often each.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string_view>

#include "program.hpp"
#include "support/ledger.hpp"

namespace histories_test {
namespace {

unsigned setting(const char* name, unsigned otherwise) {
  const char* const value = std::getenv(name);
  return value ? static_cast<unsigned>(std::strtoul(value, nullptr, 10)) : otherwise;
}

bool is_checked_exactly() {
  const char* const check = std::getenv("TALLY_CHECK");
  return check && std::string_view(check) == "exact";
}

std::string described(const Program& program, const Failure& failure) {
  return failure.why + ", in program " + std::to_string(program.seed) + ":\n" + as_text(program) +
         "whose history is:\n" + as_text(failure.history);
}

TEST(Histories, SomeOrderExplainsEveryAnswer) {
  const unsigned first = setting("TALLY_HISTORY_SEED", std::random_device{}() % 1'000'000'000);
  const int times = static_cast<int>(setting("TALLY_HISTORY_TIMES", 5));
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::seconds(setting("TALLY_HISTORY_SECONDS", 3));
  unsigned programs = 0;
  for (; std::chrono::steady_clock::now() < until && !HasFailure(); ++programs) {
    const Program program = random_program(first + programs);
    const std::optional<Failure> failure = play(program, times, is_checked_exactly());
    if (!failure) continue;
    std::cout << described(program, *failure) << std::flush;
    const auto [smaller, its_failure] = made_smaller(program, *failure, is_checked_exactly());
    ADD_FAILURE() << described(smaller, its_failure) << "Again with TALLY_HISTORY_SEED=" << program.seed;
  }
  std::cout << programs << " programs, from TALLY_HISTORY_SEED=" << first << " on, " << times
            << " times each\n";
  EXPECT_EQ(held(), 0u);
}

}  // namespace
}  // namespace histories_test
