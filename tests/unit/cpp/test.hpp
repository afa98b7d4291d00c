// What all tests here share: a fresh fake for each, a module, and the failure of a call.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

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

/// What a call throws; none if it doesn't.
template <class Call>
std::optional<tally::Error> error_of(Call&& call) {
  try {
    static_cast<void>(call());
  } catch (const tally::Error& error) {
    return error;
  }
  return std::nullopt;
}

template <class Call>
tally_status status_of(Call&& call) {
  const std::optional<tally::Error> error = error_of(call);
  return error ? error->status() : TALLY_OK;
}

template <class Call>
std::string text_of(Call&& call) {
  const std::optional<tally::Error> error = error_of(call);
  return error ? error->what() : "";
}

#endif
