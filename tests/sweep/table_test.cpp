// Every case of the conformance table with its first allocation failing, then its second, and so on, until it
// gets by without one that fails; and the same with no memory left from then on. Each time the call must say
// so and have changed nothing (tests/conformance/player.hpp), all that is held can be given back, nothing is
// left, and the ledger balances. Modules are loaded before: how that fails is load_test.cpp's.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "apart.hpp"
#include "conformance/player.hpp"
#include "conformance/where.hpp"
#include "failing.hpp"
#include "tally/ledger.h"

namespace sweep {
namespace {

using conformance_table::Case;
using conformance_table::Description;
using conformance_table::Player;

constinit Whose whose = Whose::process;
constinit std::uint64_t runs_with_a_failure = 0;

class Row : public testing::Test {
 public:
  Row(const Description& description, const Case& played, HowLong how_long)
      : description_(description), case_(played), how_long_(how_long) {}

  void TestBody() override {
    SCOPED_TRACE(case_.rule);
    const Result usual = run_with({whose, how_long_, 0});
    ASSERT_TRUE(usual.is_good) << "without a failing allocation";
    for (std::uint64_t n = 1;; ++n) {
      const Result result = run_with({whose, how_long_, n});
      EXPECT_TRUE(result.is_good) << "with allocation " << n << " failing";
      if (result.is_good) {
        EXPECT_LE(result.left, usual.left) << "blocks of memory are left with allocation " << n << " failing";
      }
      if (!result.has_failed || HasFailure()) return;
      ++runs_with_a_failure;
    }
  }

 private:
  Result run_with(Failure failure) const {
    return apart([&]() -> Result {
      play(failure);
      const bool has_failed = failures() != 0;
      play({});  // what has failed has left no trace
      EXPECT_TRUE(is_host_even()) << "the host's allocator has not got back what it gave";
      return {!HasFailure(), has_failed, outstanding()};
    });
  }

  void play(Failure failure) const {
    Player player(description_, case_, failures);
    player.begin();
    const Failing failing(failure);
    player.play();
    player.end();
    char text[300];
    tally_site_text(1, text, sizeof text);  // libtally looks what is loaded: it remembers each module once
  }

  const Description& description_;
  const Case& case_;
  HowLong how_long_;
};

// A sweep in which next to nothing fails no longer knows where Tallystick is called.
class Totals : public testing::Test {
 public:
  void TestBody() override {
    std::printf("%llu runs in which an allocation failed\n",
                static_cast<unsigned long long>(runs_with_a_failure));
    EXPECT_GE(runs_with_a_failure, whose == Whose::host ? 50 : 2000);
  }
};

void add(const std::string& suite, const Description& description, const Case& played, HowLong how_long) {
  testing::RegisterTest(suite.c_str(), played.name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                        [&, how_long]() -> testing::Test* { return new Row(description, played, how_long); });
}

}  // namespace
}  // namespace sweep

const tally_module_options* conformance_table::module_options() {
  static const tally_module_options hosts{sizeof hosts, 0, &sweep::hosts_allocator, 0, 0};
  return sweep::whose == sweep::Whose::host ? &hosts : nullptr;
}

// sweep_LANGUAGE process|host: whose allocations fail.
int main(int argc, char** argv) {
  using namespace conformance_table;
  testing::InitGoogleTest(&argc, argv);
  if (argc != 2) return 2;
  if (argv[1] == std::string("host")) sweep::whose = sweep::Whose::host;
  sweep::fail_only([] { return where == Where::tallystick; });
  static const Description description(description_file());
  static const std::vector<Case> cases = read_cases(table_folder());
  const std::string language = make_language(description)->name();
  for (const Case& each : cases) {
    if (each.impossible.contains(language)) continue;
    sweep::add("once", description, each, sweep::HowLong::once);
    sweep::add("for_good", description, each, sweep::HowLong::for_good);
  }
  testing::RegisterTest("sweep", "allocations_have_failed", nullptr, nullptr, __FILE__, __LINE__,
                        []() -> testing::Test* { return new sweep::Totals; });
  return RUN_ALL_TESTS();
}
