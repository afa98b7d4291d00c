// Owners and blobs of the C++ wrapper as values: moved from they are empty, assigned they give back what they
// had.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "probe.hpp"
#include "tally/ledger.h"

namespace {

// How many objects of a class are live in a module.
std::uint64_t live(const char* class_name) {
  struct Count {
    std::string class_name;
    std::uint64_t live = 0;
  } count{class_name};
  tally_ledger_balances(
      "probe_1_1",
      [](const tally_balance* balance, void* user) {
        Count& of = *static_cast<Count*>(user);
        if (of.class_name == balance->class_name) of.live = balance->live;
        return 0;
      },
      &count);
  return count.live;
}

class Wrapper : public ::testing::Test {
 protected:
  ~Wrapper() override {
    EXPECT_EQ(live("probe.probe"), 0u);
    EXPECT_EQ(live("blob"), 0u);
  }

  const probe::Module module_ = probe::Module::linked();
};

// Looking at what was moved from is what these tests are for.
// NOLINTBEGIN(bugprone-use-after-move)

TEST_F(Wrapper, AnOwnerThatIsAssignedAnotherObjectDestroysItsOwn) {
  probe::Probe first = probe::Probe::create(module_, 1);
  probe::Probe second = probe::Probe::create(module_, 2);
  first = std::move(second);
  EXPECT_EQ(first.value(), 2);
  EXPECT_EQ(live("probe.probe"), 1u);
}

TEST_F(Wrapper, AnOwnerThatWasMovedFromIsEmpty) {
  probe::Probe first = probe::Probe::create(module_, 1);
  const probe::Probe second = std::move(first);
  EXPECT_EQ(second.value(), 1);
  EXPECT_FALSE(first);
  EXPECT_EQ(first.token(), nullptr);
  EXPECT_EQ(first.handle(), nullptr);
  try {
    static_cast<void>(first.value());
    ADD_FAILURE() << "an empty owner was called";
  } catch (const tally::Error& error) {
    EXPECT_EQ(error.status(), TALLY_NULL_ARGUMENT);
  }
}

TEST_F(Wrapper, ASpentTokenIsNotAdopted) {
  probe_probe* const token = probe::Probe::create(module_, 1).detach();
  EXPECT_EQ(module_.api()->probe_destroy(token), TALLY_OK);
  try {
    const probe::Probe adopted = probe::Probe::adopt(module_, token);
    ADD_FAILURE() << "a spent token was adopted";
  } catch (const tally::Error& error) {
    EXPECT_EQ(error.status(), TALLY_STALE_HANDLE);
    EXPECT_NE(std::string(error.what()).find("probe_probe_ref: stale handle"), std::string::npos)
        << error.what();
  }
}

TEST_F(Wrapper, ABlobThatWasMovedFromIsEmpty) {
  const probe::Probe object = probe::Probe::create(module_, 123);
  tally::Blob first = object.text();
  const tally::Blob second = std::move(first);
  EXPECT_EQ(second.text(), "123");
  EXPECT_TRUE(first.empty());
  EXPECT_EQ(first.data(), nullptr);
  first.free();
  EXPECT_EQ(second.text(), "123") << "freeing an empty one is nothing";
}

TEST_F(Wrapper, ABlobThatIsAssignedAnotherFreesItsOwn) {
  const probe::Probe object = probe::Probe::create(module_, 123);
  tally::Blob text = object.text();
  text = object.text();
  EXPECT_EQ(live("blob"), 1u);
  EXPECT_EQ(text.text(), "123");
}

// NOLINTEND(bugprone-use-after-move)

}  // namespace
