// What all tests here share: a fresh fake for each, and the failure of a call.
#pragma once

#include <gtest/gtest.h>

#include "fake.hpp"
#include "ownership.hpp"

/// Every test ends with all tokens given back.
class Fake : public testing::Test {
 protected:
  Fake() { fake::reset(); }
  // After the members of the test, which give theirs back.
  ~Fake() override { EXPECT_EQ(fake::state.live(), 0) << "tokens that nobody has given back"; }
};

#ifndef TALLY_EXPECTED

#include "support/errors.hpp"

#endif
