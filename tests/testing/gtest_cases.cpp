// Tests, half of which have to fail. gtest_test.py knows which, and with which words.
#include <csignal>
#include <cstdlib>
#include <thread>
#include <vector>

#include "probe.hpp"
#include "tally/testing/gtest.hpp"

namespace {

probe_probe* make() {
  return probe_probe_create(1, nullptr);
}

tally_status destroy_twice() {
  const probe_api& api = *probe_linked_api();  // compilers see through the functions themselves, and warn
  probe_probe* const object = api.probe_create(1, nullptr);
  api.probe_destroy(object);
  return api.probe_destroy(object);
}

// What earlier tests have left, so that a program that is run whole ends balanced.
std::vector<probe_probe*> left;

void leave(int count) {
  for (int i = 0; i < count; ++i) left.push_back(make());
}

class AtTheEnd : public testing::Environment {
  void TearDown() override {
    for (probe_probe* const each : left) probe_probe_destroy(each);
  }
};
[[maybe_unused]] testing::Environment* const at_the_end = testing::AddGlobalTestEnvironment(new AtTheEnd);

TEST(Passes, GivesBack) {
  probe_probe_destroy(make());
}

TEST(Fails, LeavesTwo) {
  leave(2);
}

TEST(Passes, IsNotBlamedForWhatAnotherHasLeft) {}

TEST(Fails, LeavesABlob) {
  probe_probe* const object = make();
  static tally_blob text;
  probe_probe_text(object, &text);
  probe_probe_destroy(object);
}

TEST(Fails, DestroysTwice) {
  destroy_twice();
}

TEST(Fails, DestroysTwiceOnAnotherThread) {
  std::thread(destroy_twice).join();
}

TEST(Passes, LooksAtItsMisuse) {
  destroy_twice();
  EXPECT_MISUSE(TALLY_ALREADY_DESTROYED);
}

TEST(Fails, ExpectsAnotherMisuse) {
  destroy_twice();
  EXPECT_MISUSE(TALLY_STALE_HANDLE);
}

TEST(Fails, ExpectsAMisuseThatIsNotThere) {
  EXPECT_MISUSE(TALLY_STALE_HANDLE);
}

TEST(Fails, LooksAtOneMisuseOfTwo) {
  destroy_twice();
  destroy_twice();
  EXPECT_MISUSE(TALLY_ALREADY_DESTROYED);
}

TEST(Passes, TryDestroyThatIsRefusedIsNoMisuse) {
  probe_probe* object = make();
  EXPECT_EQ(probe_probe_try_destroy(&object), TALLY_OK);
}

TEST(Fails, ExpectsToBeBalanced) {
  probe_probe* const object = make();
  EXPECT_BALANCED();
  probe_probe_destroy(object);
}

TEST(Passes, IsBalanced) {
  probe_probe_destroy(make());
  EXPECT_BALANCED();
}

TEST(Passes, CountsWhatIsLive) {
  const std::size_t others = left.size();
  probe_probe* const object = make();
  EXPECT_LIVE("probe.probe", others + 1);
  probe_probe_destroy(object);
  EXPECT_LIVE("probe.probe", others);
  EXPECT_LIVE("probe.nothing", 0);
}

TEST(Fails, CountsWhatIsNotLive) {
  probe_probe* const object = make();
  EXPECT_LIVE("probe.probe", left.size() + 2);
  probe_probe_destroy(object);
}

TEST(Fails, LeavesSomethingInAScope) {
  probe_probe* object = nullptr;
  {
    TALLY_BALANCE_SCOPE();
    object = make();
  }
  probe_probe_destroy(object);
}

TEST(Passes, LeavesNothingInAScope) {
  probe_probe* const object = make();
  {
    TALLY_BALANCE_SCOPE();
    probe_probe_destroy(make());
  }
  probe_probe_destroy(object);
}

TEST(Passes, LeavesWhatIsAllowed) {
  tally::testing::allow_left("probe.probe", 2, "they are kept for the end");
  leave(2);
}

TEST(Fails, LeavesMoreThanIsAllowed) {
  tally::testing::allow_left("probe.probe", 1, "it is kept for the end");
  leave(2);
}

// What another thread has destroyed ends when its own thread comes by.
TEST(Passes, WaitsForDestructors) {
  probe_probe* const object = make();
  std::thread([=] { EXPECT_EQ(probe_probe_destroy(object), TALLY_DEFERRED); }).join();
}

TEST(Fails, LeavesSomethingOnAThreadThatHasEnded) {
  std::thread([] { leave(1); }).join();
}

class Fixture : public testing::Test {
 protected:
  static void SetUpTestSuite() { of_suite = make(); }
  static void TearDownTestSuite() { probe_probe_destroy(of_suite); }
  void SetUp() override { of_test = make(); }
  void TearDown() override { probe_probe_destroy(of_test); }

  inline static probe_probe* of_suite = nullptr;
  probe_probe* of_test = nullptr;
};
using PassesFixture = Fixture;

TEST_F(PassesFixture, OwnsThingsAcrossTests) {
  std::int32_t value = 0;
  EXPECT_EQ(probe_probe_value(of_suite, &value), TALLY_OK);
  EXPECT_EQ(probe_probe_value(of_test, &value), TALLY_OK);
}
TEST_F(PassesFixture, AndThenAgain) {}

class FailsSuite : public testing::Test {
 protected:
  static void SetUpTestSuite() { leave(1); }
};
TEST_F(FailsSuite, ThoughItsTestsPass) {}

class PassesSuite : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    tally::testing::allow_left("probe.probe", 1, "the suite keeps one for the end");
    leave(1);
  }
};
TEST_F(PassesSuite, LeavesWhatIsAllowed) {}

class PassesEach : public testing::TestWithParam<int> {};
TEST_P(PassesEach, GivesBack) {
  for (int i = 0; i < GetParam(); ++i) probe_probe_destroy(make());
}
INSTANTIATE_TEST_SUITE_P(Numbers, PassesEach, testing::Values(0, 1, 7));

class FailsEach : public testing::TestWithParam<int> {};
TEST_P(FailsEach, LeavesSome) {
  leave(GetParam());
}
INSTANTIATE_TEST_SUITE_P(Numbers, FailsEach, testing::Values(1, 3));

TEST(PassesDeathTest, WhatTheChildLeavesIsItsOwn) {
  EXPECT_EXIT(
      {
        make();
        std::_Exit(3);
      },
      testing::ExitedWithCode(3), "");
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        make();
        destroy_twice();
        std::raise(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(Passes, IsSkipped) {
  GTEST_SKIP() << "for the reason of the test";
}

TEST(Fails, LeavesFromManyPlaces) {
  left.push_back(make());
  left.push_back(make());
  left.push_back(make());
}

}  // namespace
