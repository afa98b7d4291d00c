// What happens at a misuse, besides the answer.
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "probe.hpp"
#include "tally/misuse.h"

namespace {

// Makes one.
tally_status destroy_twice() {
  const probe_api& api = *probe_linked_api();  // compilers see through the functions themselves, and warn
  probe_probe* const object = api.probe_create(1, nullptr);
  api.probe_destroy(object);
  return api.probe_destroy(object);
}

class Watcher {
 public:
  Watcher() { tally_misuse_watch(&watcher_); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() { tally_misuse_unwatch(&watcher_); }

  std::vector<std::string> texts;

 private:
  tally_misuse_watcher watcher_{nullptr,
                                [](tally_misuse_watcher* watcher, const tally_error* error) {
                                  static_cast<Watcher*>(watcher->user)->texts.emplace_back(error->text);
                                },
                                this};
};

TEST(Misuse, AWatcherIsToldOfEach) {
  Watcher one;
  {
    Watcher other;
    EXPECT_EQ(destroy_twice(), TALLY_ALREADY_DESTROYED);
    EXPECT_EQ(other.texts.size(), 1u);
  }
  EXPECT_EQ(destroy_twice(), TALLY_ALREADY_DESTROYED);
  ASSERT_EQ(one.texts.size(), 2u);
  EXPECT_EQ(one.texts[0].rfind("probe_probe_destroy: already destroyed: ", 0), 0u) << one.texts[0];
  EXPECT_EQ(one.texts[1], tally_last_error()->text);
}

TEST(Misuse, AWatcherThatIsRemovedIsToldNoMore) {
  static int told = 0;
  const auto count = [](tally_misuse_watcher*, const tally_error*) { ++told; };
  tally_misuse_watcher first{nullptr, count, nullptr};
  tally_misuse_watcher second{nullptr, count, nullptr};
  tally_misuse_watch(&first);
  tally_misuse_watch(&second);
  destroy_twice();
  EXPECT_EQ(told, 2);
  tally_misuse_unwatch(&first);
  destroy_twice();
  EXPECT_EQ(told, 3);
  tally_misuse_unwatch(&second);
  destroy_twice();
  EXPECT_EQ(told, 3);
}

TEST(Misuse, WhatIsNoneIsNotTold) {
  const Watcher watcher;
  std::int32_t value = 0;
  probe_probe* const object = probe_probe_create(1, nullptr);
  EXPECT_EQ(probe_probe_value(nullptr, &value), TALLY_NULL_ARGUMENT);
  EXPECT_EQ(probe_probe_value(object, nullptr), TALLY_NULL_ARGUMENT);
  EXPECT_EQ(probe_probe_destroy(object), TALLY_OK);
  EXPECT_TRUE(watcher.texts.empty());
}

TEST(Misuse, AnActionThatThereIsNotIsRefused) {
  EXPECT_EQ(tally_misuse_action(4), TALLY_INVALID_ARGUMENT);
  EXPECT_STREQ(
      tally_last_error()->text,
      "tally_misuse_action: invalid argument: 'action' is 4, which is not one of the TALLY_MISUSE_ actions");
  EXPECT_EQ(tally_misuse_action(TALLY_MISUSE_REPORT), TALLY_MISUSE_ANSWER) << "the one before";
  EXPECT_EQ(tally_misuse_action(TALLY_MISUSE_ANSWER), TALLY_MISUSE_REPORT);
}

// Each in a process of its own.
TEST(MisuseDeathTest, IsReported) {
  EXPECT_EXIT(
      {
        tally_misuse_action(TALLY_MISUSE_REPORT);
        std::_Exit(destroy_twice() == TALLY_ALREADY_DESTROYED ? 7 : 1);
      },
      testing::ExitedWithCode(7), "^tallystick: misuse: probe_probe_destroy: already destroyed: .*\n$");
}

TEST(MisuseDeathTest, StopsInTheDebugger) {
  EXPECT_EXIT(
      {
        tally_misuse_action(TALLY_MISUSE_TRAP);
        destroy_twice();
      },
      testing::KilledBySignal(SIGTRAP), "already destroyed");
}

TEST(MisuseDeathTest, Aborts) {
  EXPECT_EXIT(
      {
        tally_misuse_action(TALLY_MISUSE_ABORT);
        destroy_twice();
      },
      testing::KilledBySignal(SIGABRT), "already destroyed");
}

}  // namespace
