// Handle balance in GoogleTest. Link tallystick::gtest, and every test is checked: one that leaves an object,
// a blob or a reference behind fails, and so does one that makes a misuse which it does not look at. No test
// has to say anything for that; what is here is for tests that want to say more.
//
// What a test may leave: nothing that came between its start (SetUp included) and its end (TearDown
// included). What a suite's SetUpTestSuite makes is the suite's, which has to give it back in
// TearDownTestSuite.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>

#include "tally/error.h"
#include "tally/ledger.h"

namespace tally::testing {

struct Snapshot;

/// A part of a test: what was created in it and is not given back when it ends fails the test, at its place.
/// To be used in the test's own scope, on any thread:
///
///     {
///       TALLY_BALANCE_SCOPE();
///       use(library);
///     }
class BalanceScope {
 public:
  BalanceScope(const char* file, int line);
  BalanceScope(const BalanceScope&) = delete;
  BalanceScope& operator=(const BalanceScope&) = delete;
  ~BalanceScope();

 private:
  const char* file_;
  int line_;
  std::unique_ptr<const Snapshot> before_;
};

/// This test, or this suite if it is called in SetUpTestSuite, may leave so many of the class behind:
/// "notes.notebook", "blob". The reason is for whoever reads the test, and shown if there are more.
void allow_left(const char* class_name, std::uint64_t count, const char* reason);

// What the macros below call.
::testing::AssertionResult is_balanced();
::testing::AssertionResult is_live(const char* class_text, const char* count_text, const char* class_name,
                                   std::uint64_t count);
::testing::AssertionResult was_misuse(const char* status_text, tally_status status);

}  // namespace tally::testing

#define TALLY_TESTING_JOIN_(a, b) a##b
#define TALLY_TESTING_NAME_(line) TALLY_TESTING_JOIN_(tally_balance_scope_, line)

/// A BalanceScope that ends with the block.
#define TALLY_BALANCE_SCOPE() \
  const ::tally::testing::BalanceScope TALLY_TESTING_NAME_(__LINE__)(__FILE__, __LINE__)

/// All that came since the test's start has been given back.
#define EXPECT_BALANCED() EXPECT_TRUE(::tally::testing::is_balanced())
#define ASSERT_BALANCED() ASSERT_TRUE(::tally::testing::is_balanced())

/// So many tokens of the class are live in the process: "notes.notebook", "blob".
#define EXPECT_LIVE(class_name, count) EXPECT_PRED_FORMAT2(::tally::testing::is_live, class_name, count)
#define ASSERT_LIVE(class_name, count) ASSERT_PRED_FORMAT2(::tally::testing::is_live, class_name, count)

/// The first misuse that nobody has looked at yet was this one; now somebody has. On any thread.
#define EXPECT_MISUSE(status) EXPECT_PRED_FORMAT1(::tally::testing::was_misuse, status)
#define ASSERT_MISUSE(status) ASSERT_PRED_FORMAT1(::tally::testing::was_misuse, status)
