// Every way of owning that ownership.json describes, through the C++ wrapper, on a module that was loaded
// from a file. Each test ends with nothing alive on either side.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ownership.hpp"
#include "support/errors.hpp"
#include "support/ledger.hpp"
#include "tally/smart_pointers.hpp"

namespace {

using ownership::Album;
using ownership::Database;
using ownership::DatabaseRef;
using ownership::Image;
using ownership::Module;
using ownership::Sample;
using ownership::SampleArray;
using ownership::SampleRef;
using ownership::Sink;
using ownership::SinkMethods;
using ownership::Statement;
using ownership::Transaction;
using ownership::Verdict;

class OwnershipInCpp : public testing::Test {
 protected:
  // After the members, which give theirs back.
  ~OwnershipInCpp() override { EXPECT_EQ(held(), 0u) << "something was not given back"; }

  Database open(std::string_view content = "abc") const { return Database::create(module, content); }

  tally::Blob filled(std::string_view content) const {
    tally::Blob blob = ownership::allocate(module, content.size());
    std::copy(content.begin(), content.end(), blob.data());
    return blob;
  }

  const Module module = Module::load(OWNERSHIP_MODULE);
};

TEST_F(OwnershipInCpp, FunctionsNeedNoObject) {
  EXPECT_EQ(ownership::checksum(module, std::string("ab")), std::uint32_t{'a' + 'b' + 1});
  EXPECT_EQ(ownership::describe(module).text(), "ownership, in every way");
  const Database database = open();
  EXPECT_TRUE(ownership::open_both(module, database).try_destroy());
  ownership::tick(module, 1);
}

// ---- Parents ----

TEST_F(OwnershipInCpp, AChildStaysUsableWhenItsParentIsDestroyedFirst) {
  Database database = open("xyz");
  Statement statement = database.prepare("select");
  const Statement sibling = statement.again();
  EXPECT_FALSE(database.try_destroy());
  EXPECT_EQ(tally_last_error()->status, TALLY_HAS_CHILDREN);
  EXPECT_EQ(database.destroy(), TALLY_DEFERRED);
  EXPECT_TRUE(statement.step());
  EXPECT_EQ(statement.text(0).text(), "select");
  EXPECT_EQ(status_of([&] { return statement.again(); }), TALLY_GONE_WITH_PARENT);
  EXPECT_EQ(std::move(statement).finish(), 1u);
}

TEST_F(OwnershipInCpp, AChildOfACascadeIsGoneWithItsParent) {
  Database database = open();
  Transaction transaction = database.begin();
  EXPECT_EQ(transaction.changes(), 3u);
  database.destroy();
  EXPECT_EQ(status_of([&] { return transaction.changes(); }), TALLY_GONE_WITH_PARENT);
  EXPECT_EQ(transaction.destroy(), TALLY_OK);
}

// ---- Counted ----

TEST_F(OwnershipInCpp, ACountedObjectEndsWithItsLastOwner) {
  Image first = Image::create(module, 2, 2);
  Image second = first;
  const Image third = second.retain();
  EXPECT_EQ(first, third);
  first.release();
  second.release();
  third.paint(7);
  EXPECT_EQ(third.pixels().bytes().data()[3], 7);
}

TEST_F(OwnershipInCpp, OneReferenceIsGivenAndTheOthersStay) {
  const Album album = Album::create(module);
  const Image picture = Image::create(module, 2);
  album.add(Image(picture));
  const Image again = album.first();
  EXPECT_EQ(again, picture);
  EXPECT_THROW(static_cast<void>(album.first()), ownership::NoSuchRow);
}

// ---- Arrays ----

TEST_F(OwnershipInCpp, AnArrayIsWalkedAndItsElementsEndWithIt) {
  SampleArray array = SampleArray::create(module, 3, 10, 2);
  ASSERT_EQ(array.size(), 3u);
  std::uint32_t sum = 0;
  for (const SampleRef sample : array) sum += sample.next();
  EXPECT_EQ(sum, 36u);
  EXPECT_EQ(array[0].next(), 14u);
  EXPECT_EQ(status_of([&] { return array.at(3); }), TALLY_INVALID_ARGUMENT);
  const SampleRef first = array[0];
  array.destroy();
  EXPECT_EQ(status_of([&] { return first.next(); }), TALLY_STALE_HANDLE);
}

TEST_F(OwnershipInCpp, AnArrayWhoseConstructorThrowsIsNotMade) {
  EXPECT_EQ(status_of([&] { return SampleArray::create(module, 3, 13); }), TALLY_EXCEPTION);
}

// ---- Views ----

TEST_F(OwnershipInCpp, AViewKeepsItsMemoryReadableWhenItsObjectIsDestroyed) {
  Database database = open("view me");
  tally::View view = database.content();
  EXPECT_EQ(status_of([&] { database.compact(); }), TALLY_BORROWED);
  EXPECT_FALSE(database.try_destroy());
  EXPECT_EQ(database.destroy(), TALLY_DEFERRED);
  EXPECT_EQ(view.text(), "view me");
  EXPECT_EQ(view.close(), TALLY_OK);
}

TEST_F(OwnershipInCpp, AModuleStaysWhileAViewOfItIsOpen) {
  Module second = Module::load(OWNERSHIP_MODULE);
  Database database = Database::create(second, "kept");
  const tally::View view = database.content();
  database.destroy();
  EXPECT_EQ(status_of([&] { second.unload(); }), TALLY_OK) << "it was loaded twice";
  EXPECT_EQ(view.text(), "kept");
}

// ---- Memory that is given ----

TEST_F(OwnershipInCpp, MemoryIsFilledAndGivenWithoutACopy) {
  const Database database = open("");
  tally::Blob data = filled("12345");
  tally::Blob name = filled("five");
  database.store(std::move(data), std::move(name));
  EXPECT_TRUE(data.empty() && name.empty());
  EXPECT_EQ(database.count(), 5u);
  EXPECT_EQ(ownership::sort(module, filled("hello")).text(), "ehllo");
}

TEST_F(OwnershipInCpp, MemoryIsOursIfTheCallRefusesIt) {
  const Database database = open("");
  tally::Blob data = filled("12345");
  tally::Blob name = filled("\xff");
  EXPECT_EQ(status_of([&] { database.store(std::move(data), std::move(name)); }), TALLY_NOT_UTF8);
  EXPECT_EQ(data.size(), 5u);
  EXPECT_EQ(status_of([&] { database.store(tally::Blob(), std::move(name)); }), TALLY_NULL_ARGUMENT);
}

TEST_F(OwnershipInCpp, MemoryGrowsAndKeepsWhatWasInIt) {
  tally::Blob memory = filled("abc");
  memory.resize(5000);
  EXPECT_EQ(memory.size(), 5000u);
  EXPECT_EQ(memory.text().substr(0, 3), "abc");
  tally::Blob returned = ownership::describe(module);
  EXPECT_EQ(status_of([&] { returned.resize(1); }), TALLY_NOT_SUPPORTED);
}

// ---- Callbacks ----

TEST_F(OwnershipInCpp, ACallbackIsKeptAndDeletedWithItsObject) {
  const auto counted = std::make_shared<int>();
  {
    const Database database = open();
    database.on_change([counted](std::uint64_t, std::string_view) { return false; });
    EXPECT_EQ(counted.use_count(), 2);
    database.on_change([counted](std::uint64_t, std::string_view) { return false; });
    EXPECT_EQ(counted.use_count(), 2) << "the first is released when the second takes its place";
  }
  EXPECT_EQ(counted.use_count(), 1);
}

TEST_F(OwnershipInCpp, AnExceptionOfACallbackReachesItsCaller) {
  const Database database = open();
  database.on_change([](std::uint64_t done, std::string_view) -> bool {
    if (done == 2) throw std::runtime_error("enough of it");
    return true;
  });
  const auto run = [&] { return database.run([](auto&&...) { return Verdict::more; }, [] {}); };
  EXPECT_EQ(status_of(run), TALLY_EXCEPTION);
  EXPECT_NE(text_of(run).find("enough of it"), std::string::npos) << text_of(run);
}

TEST_F(OwnershipInCpp, AnErrorOfTheInterfaceCrossesACallbackAsItself) {
  const Database database = open();
  database.on_change([](std::uint64_t, std::string_view) -> bool { throw ownership::NoSuchRow("row 0"); });
  EXPECT_THROW(static_cast<void>(database.run([](auto&&...) { return Verdict::more; }, [] {})),
               ownership::NoSuchRow);
}

TEST_F(OwnershipInCpp, ACallbackMayDestroyTheObjectThatCallsIt) {
  std::optional<Database> database = open();
  database->on_change([&](std::uint64_t, std::string_view) {
    EXPECT_EQ(database->destroy(), TALLY_DEFERRED);
    return false;
  });
  const DatabaseRef reference = *database;
  EXPECT_EQ(reference.run([](auto&&...) { return Verdict::more; }, [] {}), 0u);
  EXPECT_EQ(status_of([&] { return reference.count(); }), TALLY_STALE_HANDLE);
}

TEST_F(OwnershipInCpp, AnEmptyFunctionIsRefused) {
  const Database database = open();
  EXPECT_EQ(status_of([&] { database.on_change(nullptr); }), TALLY_NULL_ARGUMENT);
}

// ---- Objects of the host ----

class Recorder : public SinkMethods {
 public:
  Recorder(const Module& module, std::string& written, int& alive)
      : module_(module), written_(written), alive_(alive) {
    ++alive_;
  }
  ~Recorder() override { --alive_; }

  std::uint64_t write(tally::Bytes chunk) override {
    if (chunk.empty()) throw std::length_error("nothing to write");
    written_.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    return chunk.size();
  }
  tally::Blob name() override {
    tally::Blob name = ownership::allocate(module_, 4);
    std::copy_n("file", 4, name.data());
    return name;
  }
  tally::Blob snapshot() override { return ownership::allocate(module_, 1); }
  Verdict inspect(DatabaseRef source, Image picture) override {
    return source.count() == picture.pixels().size() ? Verdict::enough : Verdict::more;
  }

 private:
  const Module& module_;
  std::string& written_;
  int& alive_;
};

class HostObjectsInCpp : public OwnershipInCpp {
 protected:
  Sink sink() { return Sink::create(module, std::make_unique<Recorder>(module, written, alive)); }

  std::string written;
  int alive = 0;
};

TEST_F(HostObjectsInCpp, AreCalledByTheModule) {
  const Database database = open("some text");
  const Sink sink = this->sink();
  EXPECT_EQ(database.copy_to(sink), 13u);
  EXPECT_EQ(written, "some text");
}

TEST_F(HostObjectsInCpp, AreCalledThroughTheModuleByTheHostToo) {
  const Sink sink = this->sink();
  EXPECT_EQ(sink.name().text(), "file");
  EXPECT_EQ(sink.inspect(open("abcd"), Image::create(module, 2, 2)), Verdict::enough);
  EXPECT_EQ(status_of([&] { sink.flush(); }), TALLY_NOT_SUPPORTED);
}

TEST_F(HostObjectsInCpp, WhatTheyThrowReachesTheCaller) {
  const Sink sink = this->sink();
  const Database database = open("");
  EXPECT_EQ(status_of([&] { return database.copy_to(sink); }), TALLY_EXCEPTION);
  EXPECT_NE(text_of([&] { return database.copy_to(sink); }).find("nothing to write"), std::string::npos);
}

TEST_F(HostObjectsInCpp, AreTheModulesOnceTheyAreGiven) {
  {
    const Database database = open();
    Sink sink = this->sink();
    database.attach(std::move(sink));
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

TEST_F(HostObjectsInCpp, AreDeletedWithTheirOwner) {
  { const Sink sink = this->sink(); }
  EXPECT_EQ(alive, 0);
}

// ---- Owners ----

TEST_F(OwnershipInCpp, AnEmptyOwnerSaysSoAlsoWhenItsModuleIsUnloaded) {
  Module second = Module::load(OWNERSHIP_MODULE);
  Database first = Database::create(second, "");
  { const Database other = std::move(first); }
  second.unload();
  const std::string text = text_of([&] { return first.count(); });
  EXPECT_EQ(
      text.rfind("ownership_database_count: null argument: 'self' is empty: an owner that was moved from", 0),
      0u)
      << text;
  EXPECT_EQ(status_of([&] { return Database::create(second, ""); }), TALLY_NULL_ARGUMENT);
}

TEST_F(OwnershipInCpp, TokensLiveInStandardPointers) {
  tally::UniqueToken<Database> token = tally::to_unique(open("in a unique_ptr"));
  std::uint64_t count = 0;
  EXPECT_EQ(module.api()->database_count(token.get(), &count), TALLY_OK);
  EXPECT_EQ(count, 15u);
  std::shared_ptr<const Database> shared = tally::to_shared(Database::adopt(module, std::move(token)));
  EXPECT_EQ(shared->count(), 15u);
  EXPECT_EQ(tally::from_shared(std::move(shared)).count(), 15u);
}

}  // namespace
