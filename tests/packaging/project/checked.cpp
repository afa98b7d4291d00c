// Tests of the project, checked for what they leave. The first is right.
#include <tally/testing/gtest.hpp>

#include "counter.hpp"

TEST(Counter, GivesBack) {
  const counter::Module module = counter::Module::linked();
  const counter::Counter counter = counter::Counter::create(module);
  EXPECT_LIVE("counter.counter", 1U);
}

TEST(Counter, IsForgotten) {
  static counter_counter* const left = counter_counter_create(0, nullptr);
  EXPECT_NE(left, nullptr);
}
