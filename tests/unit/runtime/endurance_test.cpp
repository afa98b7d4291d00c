// Handles for good, at full size: as many live objects as a volume has slots and more, an object that changes
// hands a hundred million times, and ten million that come and go in any order. Seconds, but gigabytes
// of memory.
#include <unistd.h>

#include <cstdio>
#include <random>
#include <vector>

#include "fixture.hpp"

namespace tally::runtime::test {

struct Small {
  explicit Small(std::uint64_t start) : value(start) {}
  Small(const Small&) = delete;
  std::uint64_t value;
};

extern TableBase* const few_tables[2];
constexpr tally_table_header no_api{sizeof(tally_table_header), 1, 0};
constexpr tally_interface description{sizeof(tally_interface), 0, "test", &no_api, nullptr, nullptr, 0, 0};
constinit Interface interface_("test_module", description, few_tables, 2, 1);
constinit Table<Small> small_table(interface_, "test.small", 0);
constinit BlobTable blob_table(interface_, 1);
TableBase* const few_tables[2] = {&small_table, &blob_table};

namespace {

constexpr std::size_t kMillion = 1'000'000;

std::size_t resident_bytes() {
  std::size_t size = 0;
  std::size_t resident = 0;
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  if (!file) return 0;
  const int read = std::fscanf(file, "%zu %zu", &size, &resident);
  std::fclose(file);
  return read == 2 ? resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) : 0;
}

Opaque* make(std::uint64_t value) {
  Opaque* token = nullptr;
  small_table.create(call(), &token, [&] { return Small(value); });
  return token;
}

class Endurance : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(balance_of(small_table).live, 0u);
    interface_.stop();
  }
};

TEST_F(Endurance, SeventeenMillionLiveObjectsOfOneClass) {
  constexpr std::size_t kCount = 17 * kMillion;  // more than one volume has slots
  std::vector<Opaque*> tokens(kCount);
  const std::size_t before = resident_bytes();
  for (std::size_t i = 0; i < kCount; ++i) {
    tokens[i] = make(i);
    ASSERT_NE(tokens[i], nullptr) << "object " << i << ": " << tally_last_error()->text;
  }
  const std::size_t each = (resident_bytes() - before) / kCount;
  EXPECT_LE(each, sizeof(Small) + 48) << "bytes for each object, its bookkeeping included";
  for (std::size_t i = 0; i < kCount; ++i) ASSERT_EQ(small_table.find(tokens[i])->value, i);
  for (Opaque* const token : tokens) ASSERT_EQ(small_table.destroy(call(), "owner", token), TALLY_OK);
  for (std::size_t i = 0; i < kCount; i += 1000) ASSERT_EQ(small_table.find(tokens[i]), nullptr);
}

TEST_F(Endurance, AnObjectChangesHandsAHundredMillionTimes) {
  Opaque* const first = make(5);
  tally_status status = TALLY_OK;
  Word token = word_of(first);
  const std::size_t before = resident_bytes();
  for (std::size_t given = 0; given < 100 * kMillion; ++given) {
    const Word next = small_table.transfer(call(), "owner", as_pointer<void>(token), false, &status).given;
    ASSERT_NE(next, 0u) << "after " << given;
    ASSERT_NE(next, token);
    token = next;
  }
  EXPECT_LE(resident_bytes() - before, std::size_t{1} << 20) << "each token but the last is gone";
  EXPECT_EQ(small_table.find(as_pointer<void>(token))->value, 5u);
  EXPECT_EQ(small_table.find(first), nullptr);
  EXPECT_EQ(small_table.destroy(call(), "owner", as_pointer<void>(token)), TALLY_OK);
}

TEST_F(Endurance, TenMillionComeAndGoInAnyOrderInTheMemoryOfTheMostThatLive) {
  constexpr std::size_t kLive = 100'000;
  std::mt19937_64 random(1);
  std::vector<Opaque*> live(kLive);
  std::vector<std::uint64_t> values(kLive);
  std::size_t after_the_first = 0;
  for (std::size_t i = 0; i < 10 * kMillion; ++i) {
    const std::size_t which = random() % kLive;
    if (live[which]) {
      ASSERT_EQ(small_table.find(live[which])->value, values[which]);
      ASSERT_EQ(small_table.destroy(call(), "owner", live[which]), TALLY_OK);
      ASSERT_EQ(small_table.find(live[which]), nullptr);
    }
    live[which] = make(values[which] = i);
    ASSERT_NE(live[which], nullptr);
    if (i == kMillion) after_the_first = resident_bytes();
  }
  EXPECT_LE(resident_bytes(), after_the_first + (std::size_t{1} << 20)) << "flat after the first million";
  for (Opaque* const token : live)
    ASSERT_EQ(small_table.destroy(call(), "owner", token), TALLY_OK);  // or null
}

}  // namespace
}  // namespace tally::runtime::test
