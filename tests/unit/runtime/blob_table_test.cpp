// What blobs promise: the author's memory itself, freed once, by whoever holds the token, with the author's
// own destructor.
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "fixture.hpp"
#include "tally/buffer.hpp"

namespace tally::runtime::test {
namespace {

template <class Make>
tally_blob produce(Make make) {
  tally_blob blob{};
  EXPECT_EQ(blob_table.produce_bytes(call(), &blob, make), TALLY_OK) << tally_last_error()->text;
  return blob;
}

TEST(BlobTable, MemoryIsNotCopied) {
  const std::uint8_t* made = nullptr;
  tally_blob blob = produce([&] {
    Buffer buffer(100);
    made = buffer.data();
    return buffer;
  });
  EXPECT_EQ(blob.data, made);
  EXPECT_EQ(blob.size, 100u);
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
}

TEST(BlobTable, AContainerOfAnySizeIsKeptWhereItIsBuilt) {
  struct Wide {
    std::string text = "wide";
    char more[200] = {};
    char* data() { return text.data(); }
    std::size_t size() const { return text.size(); }
  };
  tally_blob blob = produce([] { return Wide(); });
  EXPECT_EQ(std::string(reinterpret_cast<char*>(blob.data), blob.size), "wide");
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
}

TEST(BlobTable, AWideContainerIsDestroyedWithItsBlob) {
  struct Wide {
    explicit Wide(std::shared_ptr<int> watch) : watched(std::move(watch)) {}
    std::shared_ptr<int> watched;
    char more[200] = {};
    char* data() { return more; }
    std::size_t size() const { return sizeof more; }
  };
  const auto watch = std::make_shared<int>(0);
  tally_blob blob = produce([&] { return Wide(watch); });
  EXPECT_EQ(watch.use_count(), 2);
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
  EXPECT_EQ(watch.use_count(), 1);
}

TEST(BlobTable, TheAuthorsDestructorRunsOnce) {
  struct Watched {
    explicit Watched(std::shared_ptr<int> watch) : watched(std::move(watch)) {}
    std::shared_ptr<int> watched;
    char* data() { return nullptr; }
    std::size_t size() const { return 0; }
  };
  const auto watch = std::make_shared<int>(0);
  tally_blob blob = produce([&] { return Watched(watch); });
  EXPECT_EQ(watch.use_count(), 2);
  tally_blob copy = blob;
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
  EXPECT_EQ(watch.use_count(), 1);
  EXPECT_EQ(tally_blob_free(&copy), TALLY_ALREADY_DESTROYED);
  EXPECT_NE(copy.owner, nullptr) << "a misuse changes nothing";
}

TEST(BlobTable, FreeingZeroesTheBlobAndFreeingThatIsNothing) {
  tally_blob blob = produce([] { return std::string("text"); });
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
  EXPECT_EQ(blob.data, nullptr);
  EXPECT_EQ(blob.size, 0u);
  EXPECT_EQ(blob.owner, nullptr);
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
  EXPECT_EQ(tally_blob_free(nullptr), TALLY_OK);
}

TEST(BlobTable, BytesAreWhatTheBlobsHold) {
  EXPECT_EQ(blob_table.bytes(), 0u);
  tally_blob made = produce([] { return Buffer(100); });
  tally_blob asked_for{};
  ASSERT_EQ(blob_table.allocate(call(), 7, 0, true, &asked_for), TALLY_OK);
  EXPECT_EQ(blob_table.bytes(), 107u);
  made.size = 1;  // whatever a caller makes of it
  EXPECT_EQ(blob_table.bytes(), 107u);
  EXPECT_EQ(tally_blob_resize(&asked_for, 5000), TALLY_OK);
  EXPECT_EQ(blob_table.bytes(), 5100u);
  EXPECT_EQ(blob_table.take(call(), "blob", &asked_for), TALLY_OK);
  EXPECT_EQ(blob_table.bytes(), 5100u) << "it has another owner";
  EXPECT_EQ(tally_blob_free(&made), TALLY_OK);
  EXPECT_EQ(blob_table.bytes(), 5000u);
  EXPECT_EQ(tally_blob_free(&asked_for), TALLY_OK);
  EXPECT_EQ(blob_table.bytes(), 0u);
}

TEST(BlobTable, BytesAreReadWhileOthersMakeAndFree) {
  std::atomic<bool> is_over = false;
  std::thread maker([&] {
    for (int i = 0; i < 20'000; ++i) {
      tally_blob blob = produce([] { return Buffer(64); });
      tally_blob_free(&blob);
    }
    is_over = true;
  });
  while (!is_over) EXPECT_LE(blob_table.bytes(), 64u);
  maker.join();
  EXPECT_EQ(blob_table.bytes(), 0u);
}

TEST(BlobTable, AnyThreadFrees) {
  const tally_balance before = balance_of(blob_table);
  tally_blob blob = produce([] { return std::string(1000, 'x'); });
  std::thread([&] { EXPECT_EQ(tally_blob_free(&blob), TALLY_OK); }).join();
  const tally_balance after = balance_of(blob_table);
  EXPECT_EQ(after.retired - before.retired, 1u);
  EXPECT_EQ(after.live, before.live);
  blob = produce([] { return std::string("the slot has come home"); });
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
}

TEST(BlobTable, OfManyThreadsOneFrees) {
  for (int round = 0; round < 1000; ++round) {
    const tally_blob blob = produce([] { return std::string("contended"); });
    std::atomic<int> here = 0;
    std::atomic<int> freed = 0;
    // New threads each time: a thread's first free takes longest from looking at the word to killing it.
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&, copy = blob]() mutable {
        ++here;
        while (here < 3) std::this_thread::yield();
        freed += tally_blob_free(&copy) == TALLY_OK;
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(freed, 1) << "round " << round;
  }
}

TEST(BlobTable, TextThatIsNotUtf8IsRefusedAndFreed) {
  const tally_balance before = balance_of(blob_table);
  tally_blob blob{};
  EXPECT_EQ(blob_table.produce_text(call(), &blob, [] { return std::string("\xff"); }), TALLY_NOT_UTF8);
  EXPECT_EQ(blob.owner, nullptr);
  EXPECT_EQ(balance_of(blob_table).live, before.live);
}

TEST(BlobTable, WhatIsRefusedIsFreed) {
  struct BadText {
    explicit BadText(std::shared_ptr<int> watch) : watched(std::move(watch)) {}
    std::shared_ptr<int> watched;
    const char* c_str() const { return "\xff"; }
    std::size_t size() const { return 1; }
  };
  const auto watch = std::make_shared<int>(0);
  tally_blob blob{};
  EXPECT_EQ(blob_table.produce_text(call(), &blob, [&] { return BadText(watch); }), TALLY_NOT_UTF8);
  EXPECT_EQ(watch.use_count(), 1) << "the author's container is destroyed";
}

TEST(BlobTable, AnExceptionLeavesNothing) {
  const tally_balance before = balance_of(blob_table);
  tally_blob blob{};
  EXPECT_EQ(blob_table.produce_bytes(call(), &blob, []() -> std::string { throw std::bad_alloc(); }),
            TALLY_OUT_OF_MEMORY);
  EXPECT_EQ(balance_of(blob_table).issued, before.issued);
}

TEST(BlobTable, AnObjectsTokenIsTheWrongPair) {
  Opaque* const token = create();
  tally_blob forged{nullptr, 0, reinterpret_cast<tally_blob_owner*>(token)};
  EXPECT_EQ(tally_blob_free(&forged), TALLY_WRONG_PAIR);
  EXPECT_NE(std::string(tally_last_error()->text).find("test.counted of module test_module, created at"),
            std::string::npos)
      << tally_last_error()->text;
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST(BlobTable, ABlobsTokenIsTheWrongPairForAnObjectsDestroy) {
  tally_blob blob = produce([] { return std::string("text"); });
  EXPECT_EQ(destroy(reinterpret_cast<Opaque*>(blob.owner)), TALLY_WRONG_PAIR);
  EXPECT_NE(std::string(tally_last_error()->text).find("free a blob with tally_blob_free"), std::string::npos)
      << tally_last_error()->text;
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK) << "a misuse changes nothing";
}

}  // namespace
}  // namespace tally::runtime::test
