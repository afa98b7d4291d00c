// The further tokens of a counted object: retained and released as exported functions do it.
#include <array>
#include <set>
#include <thread>

#include "fixture.hpp"

namespace tally::runtime::test {
namespace {

Opaque* retain(const Opaque* word) {
  return as_pointer<Opaque>(counted_table.retain(call(), word));
}

tally_status release(const Opaque* token) {
  return counted_table.release(call(), "owner", token);
}

class References : public testing::Test {
 protected:
  void TearDown() override {
    const tally_balance balance = balance_of(counted_table);
    EXPECT_EQ(balance.live, 0u);
    EXPECT_EQ(balance.deferred, 0u);
    EXPECT_EQ(Counted::constructed, Counted::destroyed);
  }

  Opaque* const first_ = create(7);
  const int destroyed_ = Counted::destroyed;
};

TEST_F(References, EachIsATokenOfItsOwn) {
  const std::array<Opaque*, 3> more = {retain(first_), retain(handle_of(first_)), retain(first_)};
  EXPECT_EQ(std::set<Opaque*>(more.begin(), more.end()).size(), 3u);
  EXPECT_EQ(balance_of(counted_table).live, 4u);
  for (Opaque* const each : more) {
    EXPECT_EQ(counted_table.find(each)->value, 7);
    EXPECT_EQ(release(each), TALLY_OK);
    EXPECT_EQ(counted_table.find(each), nullptr);
    EXPECT_EQ(release(each), TALLY_ALREADY_DESTROYED);
  }
  EXPECT_EQ(Counted::destroyed, destroyed_);
  EXPECT_EQ(release(first_), TALLY_OK);
  EXPECT_EQ(Counted::destroyed, destroyed_ + 1);
}

TEST_F(References, TheFirstTokenCanGoFirst) {
  Opaque* const second = retain(first_);
  Opaque* const third = retain(second);
  EXPECT_EQ(release(first_), TALLY_OK);
  EXPECT_EQ(release(first_), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(counted_table.find(third)->value, 7);
  EXPECT_EQ(release(third), TALLY_OK);
  EXPECT_EQ(counted_table.find(second)->value, 7);
  EXPECT_EQ(Counted::destroyed, destroyed_);
  EXPECT_EQ(release(second), TALLY_OK);
  EXPECT_EQ(Counted::destroyed, destroyed_ + 1);
}

TEST_F(References, OneThatIsReleasedIsTakenForTheNextWithANewToken) {
  Opaque* const before = retain(first_);
  EXPECT_EQ(release(before), TALLY_OK);
  Opaque* const after = retain(first_);
  EXPECT_EQ(slot_index(word_of(after)), slot_index(word_of(before)));
  EXPECT_NE(after, before);
  EXPECT_EQ(release(before), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(release(after), TALLY_OK);
  EXPECT_EQ(release(first_), TALLY_OK);
}

TEST_F(References, AnotherThreadsReleaseWaitsForTheObjectsThread) {
  Opaque* const second = retain(first_);
  std::thread([&] {
    EXPECT_EQ(counted_table.retain(call(), second), 0u);
    EXPECT_EQ(tally_last_error()->status, TALLY_WRONG_THREAD) << tally_last_error()->text;
    EXPECT_EQ(release(second), TALLY_DEFERRED);
  }).join();
  EXPECT_EQ(balance_of(counted_table).deferred, 1u);
  EXPECT_EQ(release(first_), TALLY_OK) << "and what waits is run then";
  EXPECT_EQ(Counted::destroyed, destroyed_ + 1);
}

TEST_F(References, ReleasingOneRunsWhatWaits) {
  Opaque* const other = create();
  Opaque* const second = retain(first_);
  std::thread([&] { EXPECT_EQ(destroy(other), TALLY_DEFERRED); }).join();
  EXPECT_EQ(release(second), TALLY_OK);
  EXPECT_EQ(Counted::destroyed, destroyed_ + 1) << "the other";
  EXPECT_EQ(release(first_), TALLY_OK);
}

TEST_F(References, ThereCanBeManyOfOne) {
  std::set<Opaque*> all;
  for (int i = 0; i < 10'000; ++i) all.insert(retain(first_));
  EXPECT_EQ(all.size(), 10'000u);
  EXPECT_EQ(balance_of(counted_table).live, 10'001u);
  for (Opaque* const each : all) ASSERT_EQ(release(each), TALLY_OK);
  EXPECT_EQ(release(first_), TALLY_OK);
}

}  // namespace
}  // namespace tally::runtime::test
