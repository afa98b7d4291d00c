// What happens when words are used up: this program's runtime has 255 slots to a table id and 15 generations
// to a slot. Slots are retired, volumes follow each other, and at the very end there is LIMIT_REACHED; no
// word comes twice, and none is taken for another.
#include <set>
#include <vector>

#include "fixture.hpp"

namespace tally::runtime::test {

constexpr tally_table_header no_api{sizeof(tally_table_header), 1, 0};
constexpr tally_interface description{sizeof(tally_interface), 0, "test", &no_api, nullptr, nullptr, 0, 0};
constinit Interface interface_("test_module", description, tables, 4, 3);
constinit Table<Counted> counted_table(interface_, "test.counted", 0, {.is_counted = true});
constinit Table<Large> large_table(interface_, "test.large", 1);
constinit Table<Aligned> aligned_table(interface_, "test.aligned", 2);
constinit BlobTable blob_table(interface_, 3);
TableBase* const tables[4] = {&counted_table, &large_table, &aligned_table, &blob_table};

namespace {

static_assert(kSlots == 256 && kLastGeneration == 15);
constexpr std::size_t kVolumesOfOne = kVolumes - 4 + 1;  // what the other three tables begin with is theirs
constexpr std::size_t kMostLive = kVolumesOfOne * (kSlots - 1);

// Everything is given back to libtally after each test, and begins with fresh table ids.
class Scarce : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(Counted::constructed, Counted::destroyed);
    EXPECT_EQ(balance_of(counted_table).live, 0u);
    EXPECT_EQ(balance_of(counted_table).issued, balance_of(counted_table).retired);
    interface_.stop();
  }

  static tally_status last_status() { return tally_last_error()->status; }

  // The next owner's token; null if there is none.
  static Opaque* give(Opaque* token) {
    tally_status status = TALLY_OK;
    return as_pointer<Opaque>(counted_table.transfer(call(), "owner", token, false, &status).given);
  }
};

TEST_F(Scarce, NoWordComesTwiceAndTheEndIsSaid) {
  std::set<Word> seen;
  Opaque* kept = create(42);
  for (Opaque* token = create(); token; token = create()) {
    ASSERT_TRUE(seen.insert(word_of(token)).second);
    ASSERT_TRUE(seen.insert(word_of(handle_of(token))).second);
    ASSERT_EQ(counted_table.find(token)->value, 0);
    ASSERT_EQ(destroy(token), TALLY_OK);
    ASSERT_EQ(counted_table.find(token), nullptr);
  }
  EXPECT_EQ(last_status(), TALLY_LIMIT_REACHED) << tally_last_error()->text;
  EXPECT_NE(std::string(tally_last_error()->text).find("table ids"), std::string::npos)
      << "no host has set a limit: " << tally_last_error()->text;
  EXPECT_EQ(seen.size(), 2 * (kMostLive * kLastGeneration - kLastGeneration));
  EXPECT_EQ(create(), nullptr) << "and it stays the end";
  for (const Word word : seen) ASSERT_EQ(counted_table.find(as_pointer<Opaque>(word)), nullptr);
  EXPECT_EQ(counted_table.find(kept)->value, 42) << "what lives goes on living";
  EXPECT_EQ(destroy(kept), TALLY_OK);
}

TEST_F(Scarce, AsManyLiveAsThereAreSlotsInAllVolumes) {
  std::vector<Opaque*> live;
  while (Opaque* const token = create(static_cast<int>(live.size()))) live.push_back(token);
  EXPECT_EQ(last_status(), TALLY_LIMIT_REACHED) << tally_last_error()->text;
  EXPECT_EQ(live.size(), kMostLive);
  for (std::size_t i = 0; i < live.size(); ++i) {
    ASSERT_EQ(counted_table.find(live[i])->value, static_cast<int>(i));
    ASSERT_EQ(counted_table.find(handle_of(live[i]))->value, static_cast<int>(i));
  }
  EXPECT_EQ(destroy(live.back()), TALLY_OK);
  live.back() = create(-1);
  ASSERT_NE(live.back(), nullptr) << "a slot that has come back is enough";
  for (Opaque* const each : live) ASSERT_EQ(destroy(each), TALLY_OK);
}

TEST_F(Scarce, AnObjectChangesHandsUntilAllTokensAreUsedUp) {
  Opaque* token = create(7);
  const Opaque* const handle = handle_of(token);
  std::set<Word> seen{word_of(token)};
  for (Opaque* next = give(token); next; next = give(token)) {
    ASSERT_TRUE(seen.insert(word_of(next)).second);
    ASSERT_EQ(counted_table.find(token), nullptr) << "the old owner's is good no more";
    ASSERT_EQ(counted_table.find(next), counted_table.find(handle));
    ASSERT_EQ(balance_of(counted_table).live, 1u);
    token = next;
  }
  // First those of its own slot, then those of references, in every volume that is left.
  EXPECT_EQ(seen.size(), kLastGeneration + (kVolumesOfOne - 1) * (kSlots - 1) * kLastGeneration);
  EXPECT_EQ(counted_table.find(token)->value, 7) << "its last owner has it still";
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST_F(Scarce, ReferencesAreUsedUpToo) {
  Opaque* const token = create(7);
  std::vector<Opaque*> references;
  while (const Word word = counted_table.retain(call(), token))
    references.push_back(as_pointer<Opaque>(word));
  EXPECT_EQ(last_status(), TALLY_LIMIT_REACHED) << tally_last_error()->text;
  EXPECT_EQ(references.size(), (kVolumesOfOne - 1) * (kSlots - 1));
  EXPECT_EQ(balance_of(counted_table).live, references.size() + 1);
  EXPECT_EQ(destroy(token), TALLY_OK);
  for (Opaque* const each : references) {
    ASSERT_EQ(counted_table.find(each)->value, 7);
    ASSERT_EQ(destroy(each), TALLY_OK);
  }
}

TEST_F(Scarce, AReferencesTokensAreAllDifferentUntilNoneIsLeft) {
  Opaque* const token = create(7);
  std::set<Word> seen;
  while (const Word word = counted_table.retain(call(), token)) {
    ASSERT_TRUE(seen.insert(word).second);
    ASSERT_EQ(counted_table.release(call(), "owner", as_pointer<Opaque>(word)), TALLY_OK);
  }
  EXPECT_EQ(last_status(), TALLY_LIMIT_REACHED) << tally_last_error()->text;
  EXPECT_EQ(seen.size(), (kVolumesOfOne - 1) * (kSlots - 1) * kLastGeneration);
  EXPECT_EQ(counted_table.find(token)->value, 7);
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST_F(Scarce, EveryBlobCanBeGivenAndIsRefusedByNameWhenItCanNoMore) {
  for (int i = 0; i < 1000; ++i) {
    tally_blob blob{};
    ASSERT_EQ(blob_table.allocate(call(), 10, 0, false, &blob), TALLY_OK);
    for (std::uint32_t times = 0; times < kLastGeneration / 2; ++times)
      ASSERT_EQ(blob_table.take(call(), "blob", &blob), TALLY_OK);
    const tally_blob before = blob;
    tally_status status = TALLY_OK;
    while (status == TALLY_OK) status = blob_table.take(call(), "blob", &blob);
    ASSERT_EQ(status, TALLY_LIMIT_REACHED) << tally_last_error()->text;
    ASSERT_EQ(before.data, blob.data);
    ASSERT_EQ(tally_blob_free(&blob), TALLY_OK);
  }
}

}  // namespace
}  // namespace tally::runtime::test
