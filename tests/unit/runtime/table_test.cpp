// What a slot table promises: which words it accepts, which it refuses and how, and that it runs each
// destructor once.
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include "fixture.hpp"

namespace tally::runtime::test {

constexpr tally_table_header no_api{sizeof(tally_table_header), 1, 0};
constexpr tally_interface description{sizeof(tally_interface), 0, "test", &no_api, nullptr, nullptr, 0, 0};
constinit Interface interface_("test_module", description, tables, 4, 3);
constinit Table<Counted> counted_table(interface_, "test.counted", 0);
constinit Table<Large> large_table(interface_, "test.large", 1);
constinit Table<Aligned> aligned_table(interface_, "test.aligned", 2);
constinit BlobTable blob_table(interface_, 3);
TableBase* const tables[4] = {&counted_table, &large_table, &aligned_table, &blob_table};

namespace {

TEST(Table, BeforeTheFirstCreationNoWordIsGood) {
  EXPECT_EQ(large_table.find(nullptr), nullptr);
  EXPECT_EQ(large_table.find(as_pointer<Opaque>(1)), nullptr);
  EXPECT_EQ(large_table.find(as_pointer<Opaque>(0xFFFF'FFFF'FFFF'FFFF)), nullptr);
  EXPECT_EQ(large_table.find(as_pointer<Opaque>(make_word(3, 1, 1))), nullptr);
}

TEST(Table, ATokenAndItsHandleAreDifferentWordsForOneObject) {
  Opaque* const token = create(7);
  Opaque* const handle = handle_of(token);
  ASSERT_NE(token, nullptr);
  EXPECT_NE(token, handle);
  EXPECT_EQ(counted_table.find(token), counted_table.find(handle));
  EXPECT_EQ(counted_table.find(handle)->value, 7);
  EXPECT_EQ(counted_table.id(token), counted_table.id(handle));
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST(Table, NoHalfWordIsTakenForAWhole) {
  Opaque* const token = create();
  const Word word = word_of(handle_of(token));
  for (int bit = 0; bit < 64; ++bit) {
    EXPECT_EQ(counted_table.find(as_pointer<Opaque>(word ^ (Word{1} << bit))), nullptr) << "bit " << bit;
  }
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST(Table, ANewObjectInAnOldSlotHasNewWords) {
  Opaque* const first = create();
  Opaque* const first_handle = handle_of(first);
  EXPECT_EQ(destroy(first), TALLY_OK);
  Opaque* const second = create();
  ASSERT_EQ(slot_index(word_of(first)), slot_index(word_of(second))) << "the slot is reused at once";
  EXPECT_NE(first, second);
  EXPECT_EQ(counted_table.find(first), nullptr);
  EXPECT_EQ(counted_table.find(first_handle), nullptr);
  EXPECT_EQ(destroy(first), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(destroy(second), TALLY_OK);
}

TEST(Table, ATokenIsSpentByItsDestroy) {
  Opaque* const token = create();
  const int destroyed = Counted::destroyed;
  EXPECT_EQ(destroy(token), TALLY_OK);
  EXPECT_EQ(counted_table.find(token), nullptr);
  EXPECT_EQ(destroy(token), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(Counted::destroyed, destroyed + 1);
}

TEST(Table, AHandleDoesNotDestroy) {
  Opaque* const token = create();
  EXPECT_EQ(destroy(handle_of(token)), TALLY_NOT_OWNER);
  EXPECT_NE(counted_table.find(token), nullptr) << "a misuse changes nothing";
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST(Table, ANullIsDestroyedWithoutEffect) {
  EXPECT_EQ(destroy(nullptr), TALLY_OK);
}

TEST(Table, RefusalsSayWhereTheObjectWasCreatedAndWhereItWent) {
  Opaque* const token = create();
  EXPECT_EQ(destroy(token), TALLY_OK);
  EXPECT_EQ(destroy(token), TALLY_ALREADY_DESTROYED);
  const std::string text = tally_last_error()->text;
  EXPECT_NE(text.find("test_function: already destroyed"), std::string::npos) << text;
  EXPECT_NE(text.find("test.counted"), std::string::npos) << text;
  EXPECT_NE(text.find("; created at runtime_tests+0x"), std::string::npos) << text;
  EXPECT_NE(text.find(", given back at runtime_tests+0x"), std::string::npos) << text;
}

TEST(Table, WhatWasRetiredLongAgoIsStillRefusedWithoutItsStory) {
  Opaque* const token = create();
  EXPECT_EQ(destroy(token), TALLY_OK);
  for (std::size_t i = 0; i < 2 * Lane::kRemembered; ++i) EXPECT_EQ(destroy(create()), TALLY_OK);
  EXPECT_EQ(destroy(token), TALLY_ALREADY_DESTROYED);
}

TEST(Table, AGenerationThatWasNeverReachedWasNeverIssued) {
  Opaque* const token = create();
  const Word ahead = word_of(token) + 1000 * kOneGeneration;
  EXPECT_EQ(destroy(as_pointer<Opaque>(ahead)), TALLY_NEVER_ISSUED);
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST(Table, ASlotThatHasUsedUpItsGenerationsIsRetired) {
  Opaque* token = create();
  const std::uint32_t slot = slot_index(word_of(token));
  std::uint32_t last = generation(word_of(token));
  for (std::uint32_t round = 0; slot_index(word_of(token)) == slot; ++round) {
    ASSERT_LE(round, kLastGeneration) << "the words begin again";
    last = generation(word_of(token));
    ASSERT_EQ(destroy(token), TALLY_OK);
    token = create();
    ASSERT_NE(token, nullptr);
  }
  EXPECT_EQ(last, kLastGeneration) << "every generation was used";
  EXPECT_EQ(destroy(token), TALLY_OK);
  EXPECT_EQ(destroy(as_pointer<Opaque>(make_word(table_id(word_of(token)), 1, slot))),
            TALLY_ALREADY_DESTROYED);
}

TEST(Table, ObjectsOfMoreThanOneSegmentAreFoundAndDestroyed) {
  const tally_balance before = balance_of(counted_table);
  constexpr std::size_t kCount = (std::size_t{1} << 20) + 1000;  // more than the first segment has
  std::vector<Opaque*> tokens(kCount);
  for (std::size_t i = 0; i < kCount; ++i) tokens[i] = create(static_cast<int>(i));
  for (std::size_t i = 0; i < kCount; i += 997)
    EXPECT_EQ(counted_table.find(tokens[i])->value, static_cast<int>(i));
  EXPECT_EQ(counted_table.find(tokens.back())->value, static_cast<int>(kCount - 1));
  EXPECT_EQ(balance_of(counted_table).live - before.live, kCount);
  for (Opaque* token : tokens) ASSERT_EQ(destroy(token), TALLY_OK);
  EXPECT_EQ(counted_table.find(tokens.back()), nullptr);
  EXPECT_EQ(balance_of(counted_table).live, before.live);
}

TEST(Table, EveryDestructorRunsOnceAndTheBalanceSaysSo) {
  const int constructed = Counted::constructed;
  const int destroyed = Counted::destroyed;
  const tally_balance before = balance_of(counted_table);
  std::vector<Opaque*> tokens;
  for (int i = 0; i < 1000; ++i) tokens.push_back(create());
  EXPECT_EQ(balance_of(counted_table).live, before.live + 1000);
  for (Opaque* token : tokens) EXPECT_EQ(destroy(token), TALLY_OK);
  for (Opaque* token : tokens) EXPECT_EQ(destroy(token), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(Counted::constructed - constructed, 1000);
  EXPECT_EQ(Counted::destroyed - destroyed, 1000);
  const tally_balance after = balance_of(counted_table);
  EXPECT_EQ(after.issued - before.issued, 1000u);
  EXPECT_EQ(after.retired - before.retired, 1000u);
  EXPECT_EQ(after.live, before.live);
}

TEST(Table, BytesAreThoseOfTheObjectsThatHaveNotEnded) {
  EXPECT_EQ(counted_table.bytes(), 0u);
  Opaque* const first = create();
  Opaque* const second = create();
  Opaque* large = nullptr;
  EXPECT_EQ(large_table.create(call(), &large, [] { return Large(); }), TALLY_OK);
  EXPECT_EQ(counted_table.bytes(), 2 * sizeof(Counted));
  EXPECT_EQ(large_table.bytes(), sizeof(Large)) << "behind its slot";
  EXPECT_EQ(destroy(first), TALLY_OK);
  std::thread([&] { EXPECT_EQ(destroy(second), TALLY_DEFERRED); }).join();
  EXPECT_EQ(counted_table.bytes(), sizeof(Counted)) << "its destructor has not run";
  interface_.run_deferred();
  EXPECT_EQ(large_table.destroy(call(), "owner", large), TALLY_OK);
  EXPECT_EQ(counted_table.bytes(), 0u);
  EXPECT_EQ(large_table.bytes(), 0u);
}

TEST(Table, ABalanceIsNotWrittenBeyondWhatEveryReaderHasRoomFor) {
  tally_provider* const provider = interface_.provider();
  Opaque* const token = create();
  tally_balance balance{};
  std::memset(&balance, 0xAB, sizeof balance);
  const std::uint64_t beyond = balance.bytes;
  provider->balance(provider, 0, &balance);
  EXPECT_STREQ(balance.module, "test_module");
  EXPECT_EQ(balance.live, 1u);
  EXPECT_EQ(balance.bytes, beyond) << "a host of an earlier release has something else there";
  tally_provider_balance(provider, 0, &balance);
  EXPECT_EQ(balance.bytes, sizeof(Counted));
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST(Table, AProviderOfAnEarlierReleaseTellsNoBytes) {
  tally_provider earlier{};
  earlier.size = offsetof(tally_provider, bytes);
  earlier.balance = [](tally_provider*, std::uint32_t, tally_balance* out) { out->live = 7; };
  earlier.bytes = [](tally_provider*, std::uint32_t) -> std::uint64_t { std::abort(); };
  tally_balance balance{};
  balance.bytes = 1;
  tally_provider_balance(&earlier, 0, &balance);
  EXPECT_EQ(balance.live, 7u);
  EXPECT_EQ(balance.bytes, 0u);
}

TEST(Table, AConstructorThatThrowsLeavesNothing) {
  const tally_balance before = balance_of(counted_table);
  Opaque* token = nullptr;
  const tally_status status =
      counted_table.create(call(), &token, [&]() -> Counted { throw std::runtime_error("no"); });
  EXPECT_EQ(status, TALLY_EXCEPTION);
  EXPECT_EQ(token, nullptr);
  EXPECT_STREQ(tally_last_error()->text, "test_function: exception: no");
  EXPECT_EQ(balance_of(counted_table).issued, before.issued);
}

TEST(Table, AConstructorThatThrowsCostsNoSlot) {
  Opaque* const before = create();
  EXPECT_EQ(destroy(before), TALLY_OK);
  for (int i = 0; i < 1000; ++i) {
    Opaque* token = nullptr;
    counted_table.create(call(), &token, [&]() -> Counted { throw std::runtime_error("no"); });
  }
  Opaque* const after = create();
  EXPECT_EQ(slot_index(word_of(after)), slot_index(word_of(before)));
  EXPECT_EQ(destroy(after), TALLY_OK);
}

TEST(Table, LargeAndStrictlyAlignedObjectsLieBehindTheirSlots) {
  Opaque* large = nullptr;
  Opaque* aligned = nullptr;
  ASSERT_EQ(large_table.create(call(), &large, [] { return Large(); }), TALLY_OK);
  ASSERT_EQ(aligned_table.create(call(), &aligned, [] { return Aligned(); }), TALLY_OK);
  EXPECT_EQ(large_table.find(large)->bytes[99'999], 0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(aligned_table.find(aligned)) % 128, 0u);
  EXPECT_EQ(large_table.destroy(call(), "owner", large), TALLY_OK);
  EXPECT_EQ(aligned_table.destroy(call(), "owner", aligned), TALLY_OK);
}

TEST(Table, AWordOfAnotherClassIsNamedAsSuch) {
  Opaque* large = nullptr;
  ASSERT_EQ(large_table.create(call(), &large, [] { return Large(); }), TALLY_OK);
  EXPECT_EQ(counted_table.refuse_object(call(), "self", large), TALLY_WRONG_CLASS);
  EXPECT_NE(std::string(tally_last_error()->text)
                .find("'self' names a test.large of module test_module, not a test.counted"),
            std::string::npos)
      << tally_last_error()->text;
  EXPECT_EQ(large_table.destroy(call(), "owner", large), TALLY_OK);
}

TEST(Table, ATransferRetiresTheOldTokenAndKeepsTheHandle) {
  Opaque* const old = create(5);
  Opaque* const handle = handle_of(old);
  tally_status status = TALLY_OK;
  const auto transfer = counted_table.transfer(call(), "owner", old, false, &status);
  ASSERT_TRUE(transfer.before);
  Opaque* const token = as_pointer<Opaque>(transfer.given);
  EXPECT_NE(token, old);
  EXPECT_EQ(counted_table.find(handle)->value, 5) << "lending does not hinder a transfer";
  EXPECT_EQ(destroy(old), TALLY_NOT_OWNER);
  EXPECT_NE(std::string(tally_last_error()->text).find("has been given away"), std::string::npos)
      << tally_last_error()->text;
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST(Table, AnObjectThatHasUsedUpItsTokensGoesOnWithThoseOfAnotherTable) {
  Opaque* const first = create(5);
  Opaque* const handle = handle_of(first);
  tally_status status = TALLY_OK;
  Word token = word_of(first);
  std::set<std::uint32_t> table_ids;
  for (int given = 0; given < 20'000'000; ++given) {
    const Word next = counted_table.transfer(call(), "owner", as_pointer<void>(token), false, &status).given;
    ASSERT_NE(next, token);
    token = next;
    if (given % 1000 == 0) table_ids.insert(table_id(token));
  }
  EXPECT_EQ(table_ids.size(), 2u) << "the object's own, and that of further tokens";
  EXPECT_EQ(counted_table.find(handle)->value, 5) << "the handle is good throughout";
  EXPECT_EQ(counted_table.find(as_pointer<Opaque>(token))->value, 5);
  EXPECT_EQ(destroy(first), TALLY_ALREADY_DESTROYED) << "too long ago to say that it was given away";
  EXPECT_EQ(balance_of(counted_table).live, 1u) << "one object, whatever its token";
  EXPECT_EQ(destroy(as_pointer<Opaque>(token)), TALLY_OK);
  EXPECT_EQ(balance_of(counted_table).live, 0u);
}

TEST(Table, ALongTextIsCutBetweenCharacters) {
  std::string message;
  while (message.size() < 2 * sizeof(tally_error::text)) message += "\u00e9";
  for (const char* before : {"", "a"}) {
    Opaque* token = nullptr;
    counted_table.create(call(), &token, [&]() -> Counted { throw std::runtime_error(before + message); });
    const std::string text = tally_last_error()->text;
    EXPECT_TRUE(is_utf8(text.data(), text.size())) << "cut inside a character";
    EXPECT_EQ(text.substr(text.size() - 3), "...");
  }
}

TEST(Table, IdsAndHandlesOfDeadObjects) {
  Opaque* const token = create();
  Opaque* const handle = handle_of(token);
  const Word id = counted_table.id(token);
  EXPECT_EQ(destroy(token), TALLY_OK);
  EXPECT_EQ(counted_table.id(handle), id) << "a key stays a key";
  EXPECT_EQ(counted_table.id(token), 0u);
  EXPECT_EQ(handle_of(handle), nullptr);
  EXPECT_EQ(tally_last_error()->status, TALLY_STALE_HANDLE);
}

}  // namespace
}  // namespace tally::runtime::test
