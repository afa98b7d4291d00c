// Waiting for destructors that another thread has to run.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "probe.hpp"
#include "tally/ledger.h"

namespace {

constexpr std::uint32_t kLong = 600'000;  // milliseconds: a test that takes them fails, by its time limit

class Deferred : public ::testing::Test {
 protected:
  // Makes an object on a thread of its own, which ends it when it is told to.
  Deferred()
      : owner_([this] {
          made_.set_value(probe::Probe::create(module_, 1).detach());
          may_collect_.get_future().wait();
          tally_collect();
          has_collected_.set_value();
          may_end_.get_future().wait();
        }) {}
  ~Deferred() override {
    may_end_.set_value();
    owner_.join();
    EXPECT_EQ(tally_wait("probe_1_1", 0), 0u);
  }

  void destroy() { EXPECT_EQ(module_.api()->probe_destroy(made_.get_future().get()), TALLY_DEFERRED); }

  const probe::Module module_ = probe::Module::linked();
  std::promise<probe_probe*> made_;
  std::promise<void> may_collect_;
  std::promise<void> has_collected_;
  std::promise<void> may_end_;
  std::thread owner_;
};

TEST_F(Deferred, TheWaitEndsWhenTheOtherThreadHasRunTheDestructor) {
  destroy();
  std::thread helper([this] { may_collect_.set_value(); });
  EXPECT_EQ(tally_wait("probe_1_1", kLong), 0u);
  helper.join();
}

TEST_F(Deferred, TheWaitEndsWithItsTimeAndSaysWhatIsLeft) {
  destroy();
  EXPECT_EQ(tally_wait("probe_1_1", 0), 1u);
  EXPECT_EQ(tally_wait("probe_1_1", 20), 1u);
  EXPECT_EQ(tally_wait(nullptr, 1), 1u);
  EXPECT_EQ(tally_wait("another module", kLong), 0u) << "nothing of it is deferred";
  may_collect_.set_value();
  has_collected_.get_future().wait();
}

TEST_F(Deferred, ALiveObjectIsNotWaitedFor) {
  EXPECT_EQ(tally_wait("probe_1_1", kLong), 0u);
  destroy();
  may_collect_.set_value();
}

TEST_F(Deferred, WhatThreadsThatHaveEndedLeftIsRun) {
  destroy();
  may_collect_.set_value();
  std::promise<probe_probe*> made;
  std::thread other([&] { made.set_value(probe::Probe::create(module_, 1).detach()); });
  probe_probe* const token = made.get_future().get();
  std::thread destroyer([&] { static_cast<void>(module_.api()->probe_destroy(token)); });
  destroyer.join();
  other.join();
  EXPECT_EQ(tally_wait("probe_1_1", kLong), 0u);
}

}  // namespace
