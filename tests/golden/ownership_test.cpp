// Every way of owning that ownership.json describes, through the C functions of a linked module. Each test
// ends with nothing alive on either side.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "ownership.h"
#include "support/ledger.hpp"

namespace {

std::string last_error() {
  return tally_last_error()->text;
}

bool error_says(const std::string& part) {
  return last_error().find(part) != std::string::npos;
}

std::uint64_t bytes_of(const char* class_name) {
  struct Search {
    std::string_view wanted;
    std::uint64_t bytes;
  } search{class_name, 0};
  tally_ledger_balances(
      nullptr,
      [](const tally_balance* balance, void* user) {
        auto* const given = static_cast<Search*>(user);
        if (given->wanted == balance->class_name) given->bytes = balance->bytes;
        return 0;
      },
      &search);
  return search.bytes;
}

class Ownership : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(held(), 0u) << "something was not given back"; }

  static ownership_database* open(const char* content = "abc") {
    ownership_database* const database = ownership_database_create(content, TALLY_NUL_TERMINATED, nullptr);
    EXPECT_NE(database, nullptr) << last_error();
    return database;
  }
  static ownership_statement* prepare(const ownership_database* database) {
    ownership_statement* statement = nullptr;
    EXPECT_EQ(ownership_database_prepare(database, "select", TALLY_NUL_TERMINATED, &statement), TALLY_OK)
        << last_error();
    return statement;
  }
};

// ---- Parents and children ----

TEST_F(Ownership, AParentThatIsKeptOutlivesItsDestroy) {
  ownership_database* const database = open();
  const ownership_database* const handle = ownership_database_ref(database);
  ownership_statement* const statement = prepare(database);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_DEFERRED);
  tally_bool more = 0;
  EXPECT_EQ(ownership_statement_step(statement, &more), TALLY_OK) << "it reads its parent's rows";
  EXPECT_EQ(more, 1);
  std::uint64_t count = 0;
  EXPECT_EQ(ownership_database_count(handle, &count), TALLY_STALE_HANDLE) << "to callers the parent is gone";
  EXPECT_EQ(held(), 2u);
  EXPECT_EQ(ownership_statement_destroy(statement), TALLY_OK);
}

TEST_F(Ownership, ChildrenThatEndWithTheirParentAreGoneWithIt) {
  ownership_database* const database = open();
  ownership_transaction* transaction = nullptr;
  ASSERT_EQ(ownership_database_begin(database, &transaction), TALLY_OK);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK) << "its child does not hold it up";
  std::uint64_t changes = 7;
  EXPECT_EQ(ownership_transaction_changes(transaction, &changes), TALLY_GONE_WITH_PARENT);
  EXPECT_TRUE(error_says("ended when its parent was destroyed")) << last_error();
  EXPECT_EQ(changes, 0u);
  EXPECT_EQ(ownership_transaction_destroy(transaction), TALLY_OK) << "giving it back is no misuse";
  EXPECT_EQ(ownership_transaction_destroy(transaction), TALLY_OK);
}

TEST_F(Ownership, AChildThatWasDestroyedBeforeIsNoPartOfTheCascade) {
  ownership_database* const database = open();
  ownership_transaction* transaction = nullptr;
  ASSERT_EQ(ownership_database_begin(database, &transaction), TALLY_OK);
  EXPECT_EQ(ownership_transaction_destroy(transaction), TALLY_OK);
  EXPECT_EQ(ownership_transaction_destroy(transaction), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
}

TEST_F(Ownership, TryDestroyIsRefusedWhileChildrenLive) {
  ownership_database* database = open();
  ownership_statement* statement = prepare(database);
  EXPECT_EQ(ownership_database_try_destroy(&database), TALLY_HAS_CHILDREN);
  EXPECT_TRUE(error_says("1 live, the last one a ownership.statement created at")) << last_error();
  ASSERT_NE(database, nullptr);
  std::uint64_t count = 0;
  EXPECT_EQ(ownership_database_count(database, &count), TALLY_OK) << "nothing has changed";
  EXPECT_EQ(ownership_statement_try_destroy(&statement), TALLY_OK);
  EXPECT_EQ(statement, nullptr);
  EXPECT_EQ(ownership_database_try_destroy(&database), TALLY_OK);
  EXPECT_EQ(database, nullptr);
}

TEST_F(Ownership, ASiblingIsAChildOfTheSameParent) {
  ownership_database* const database = open();
  ownership_statement* const first = prepare(database);
  ownership_statement* second = nullptr;
  ASSERT_EQ(ownership_statement_again(first, &second), TALLY_OK);
  ownership_statement* third = ownership_statement_on(database, "x", 1, nullptr);
  ownership_statement* fourth = nullptr;
  ASSERT_EQ(ownership_open_both(database, "y", 1, &fourth), TALLY_OK);
  EXPECT_EQ(ownership_statement_destroy(first), TALLY_OK);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_DEFERRED);
  EXPECT_EQ(ownership_statement_destroy(third), TALLY_OK);
  std::uint64_t row = 9;
  EXPECT_EQ(ownership_statement_finish(&second, &row), TALLY_OK);
  EXPECT_EQ(second, nullptr);
  EXPECT_EQ(held(), 2u);
  EXPECT_EQ(ownership_statement_destroy(fourth), TALLY_OK);
}

// ---- Views ----

TEST_F(Ownership, AViewKeepsItsObject) {
  ownership_database* database = open("content");
  tally_view view;
  ASSERT_EQ(ownership_database_content(database, &view), TALLY_OK);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(view.data), view.size), "content");
  EXPECT_EQ(ownership_database_compact(database), TALLY_BORROWED);
  EXPECT_TRUE(error_says("a view of it is open")) << last_error();
  EXPECT_EQ(ownership_database_try_destroy(&database), TALLY_BORROWED);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_DEFERRED);
  EXPECT_EQ(view.data[0], 'c') << "still readable";
  tally_view copy = view;
  EXPECT_EQ(tally_view_close(&view), TALLY_OK);
  EXPECT_EQ(view.owner, nullptr);
  EXPECT_EQ(tally_view_close(&view), TALLY_OK) << "of nothing";
  EXPECT_EQ(tally_view_close(&copy), TALLY_ALREADY_DESTROYED);
}

TEST_F(Ownership, AViewForbidsWhatWouldPullItsMemoryAway) {
  ownership_database* const database = open();
  ownership_statement* statement = prepare(database);
  tally_view text;
  ASSERT_EQ(ownership_statement_text(statement, 0, &text), TALLY_OK);
  tally_bool more = 0;
  EXPECT_EQ(ownership_statement_step(statement, &more), TALLY_BORROWED);
  std::uint64_t row = 0;
  EXPECT_EQ(ownership_statement_finish(&statement, &row), TALLY_BORROWED);
  ASSERT_NE(statement, nullptr);
  EXPECT_EQ(tally_view_close(&text), TALLY_OK);
  EXPECT_EQ(ownership_statement_step(statement, &more), TALLY_OK);
  EXPECT_EQ(ownership_statement_text(statement, 5, &text), OWNERSHIP_ERROR_NO_SUCH_ROW);
  EXPECT_EQ(text.owner, nullptr);
  EXPECT_EQ(ownership_statement_destroy(statement), TALLY_OK);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
}

TEST_F(Ownership, TokensOfDifferentKindsAreNoPairs) {
  ownership_database* const database = open();
  tally_view view;
  ASSERT_EQ(ownership_database_content(database, &view), TALLY_OK);
  tally_blob blob;
  ASSERT_EQ(ownership_describe(&blob), TALLY_OK);
  tally_view blob_as_view = {nullptr, 0, reinterpret_cast<tally_view_owner*>(blob.owner)};
  EXPECT_EQ(tally_view_close(&blob_as_view), TALLY_WRONG_PAIR);
  tally_blob view_as_blob = {nullptr, 0, reinterpret_cast<tally_blob_owner*>(view.owner)};
  EXPECT_EQ(tally_blob_free(&view_as_blob), TALLY_WRONG_PAIR);
  EXPECT_TRUE(error_says("close it with tally_view_close")) << last_error();
  EXPECT_EQ(ownership_database_destroy(reinterpret_cast<ownership_database*>(view.owner)), TALLY_WRONG_PAIR);
  EXPECT_EQ(tally_view_close(&view), TALLY_OK);
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
}

// ---- Counted classes ----

TEST_F(Ownership, EachReferenceHasItsOwnToken) {
  ownership_image* const first = ownership_image_create(4, 4, nullptr);
  const ownership_image* const handle = ownership_image_ref(first);
  ownership_image* const second = ownership_image_retain(first, nullptr);
  ownership_image* const third = ownership_image_retain(handle, nullptr);
  EXPECT_NE(first, second);
  EXPECT_NE(second, third);
  EXPECT_EQ(ownership_image_same(second, third), 1);
  EXPECT_EQ(held(), 3u);
  const std::uint64_t bytes = bytes_of("ownership.image");
  EXPECT_GT(bytes, 0u);
  EXPECT_EQ(ownership_image_release(first), TALLY_OK);
  EXPECT_EQ(ownership_image_release(first), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(bytes_of("ownership.image"), bytes) << "it is one object";
  EXPECT_EQ(ownership_image_paint(second, 1), TALLY_OK);
  EXPECT_EQ(ownership_image_release(third), TALLY_OK);
  EXPECT_EQ(ownership_image_paint(third, 1), TALLY_STALE_HANDLE);
  EXPECT_EQ(ownership_image_paint(handle, 1), TALLY_OK) << "the object lives";
  EXPECT_EQ(ownership_image_release(second), TALLY_OK);
  EXPECT_EQ(bytes_of("ownership.image"), 0u);
  EXPECT_EQ(ownership_image_paint(handle, 1), TALLY_STALE_HANDLE);
  EXPECT_EQ(ownership_image_retain(handle, nullptr), nullptr);
}

TEST_F(Ownership, AReferenceIsGivenAwayLikeAnyToken) {
  ownership_album* const album = ownership_album_create(nullptr);
  ownership_image* image = ownership_image_create(1, 1, nullptr);
  ownership_image* const mine = ownership_image_retain(image, nullptr);
  ownership_image* const old = image;
  ASSERT_EQ(ownership_album_add(album, &image), TALLY_OK);
  EXPECT_EQ(image, nullptr);
  EXPECT_EQ(ownership_image_release(old), TALLY_NOT_OWNER);
  ownership_image* taken = nullptr;
  ASSERT_EQ(ownership_album_first(album, &taken), TALLY_OK);
  EXPECT_EQ(ownership_image_same(taken, mine), 1);
  EXPECT_EQ(ownership_image_release(taken), TALLY_OK);
  EXPECT_EQ(ownership_image_put_into(mine, album), TALLY_OK);
  EXPECT_EQ(ownership_image_release(mine), TALLY_OK);
  EXPECT_EQ(ownership_album_destroy(album), TALLY_OK);
}

// ---- Arrays ----

TEST_F(Ownership, AnArrayHasOneTokenAndAHandleForEachElement) {
  ownership_sample_array* const array = ownership_sample_array_create(100, 5, 2, nullptr);
  ASSERT_NE(array, nullptr) << last_error();
  std::uint64_t size = 0;
  EXPECT_EQ(ownership_sample_array_size(array, &size), TALLY_OK);
  EXPECT_EQ(size, 100u);
  const ownership_sample* element = nullptr;
  ASSERT_EQ(ownership_sample_array_at(array, 99, &element), TALLY_OK);
  std::uint32_t value = 0;
  EXPECT_EQ(ownership_sample_next(element, &value), TALLY_OK);
  EXPECT_EQ(value, 7u);
  EXPECT_EQ(ownership_sample_array_at(array, 100, &element), TALLY_INVALID_ARGUMENT);
  EXPECT_EQ(element, nullptr);
  ASSERT_EQ(ownership_sample_array_at(array, 0, &element), TALLY_OK);
  EXPECT_EQ(ownership_sample_destroy(reinterpret_cast<ownership_sample*>(array)), TALLY_WRONG_PAIR);
  EXPECT_EQ(ownership_sample_destroy(const_cast<ownership_sample*>(element)), TALLY_NOT_OWNER);
  EXPECT_EQ(ownership_sample_array_destroy(array), TALLY_OK);
  EXPECT_EQ(ownership_sample_next(element, &value), TALLY_STALE_HANDLE);
  EXPECT_TRUE(error_says("given back at golden_ownership+0x")) << last_error() << ": where the array was";
}

TEST_F(Ownership, AnArrayWhoseElementCannotBeMadeLeavesNothing) {
  tally_error error;
  EXPECT_EQ(ownership_sample_array_create(3, 13, 1, &error), nullptr);
  EXPECT_EQ(error.status, TALLY_EXCEPTION);
  EXPECT_NE(std::string(error.text).find("unlucky"), std::string::npos) << error.text;
  ownership_sample* const scalar = ownership_sample_create(1, 1, nullptr);
  EXPECT_EQ(ownership_sample_array_destroy(reinterpret_cast<ownership_sample_array*>(scalar)),
            TALLY_WRONG_PAIR);
  EXPECT_EQ(ownership_sample_destroy(scalar), TALLY_OK);
  EXPECT_EQ(ownership_sample_array_destroy(ownership_sample_array_create(0, 1, 1, nullptr)), TALLY_OK);
}

// ---- Callbacks ----

struct Told {
  int calls = 0;
  int released = 0;
  std::uint64_t enough = 3;
  tally_status answer = TALLY_OK;
  ownership_database* to_destroy = nullptr;
  std::string label;
};

ownership_progress progress_of(Told& told) {
  return {[](void* user, std::uint64_t done, const char* label, std::size_t size, tally_bool* out) {
            Told& self = *static_cast<Told*>(user);
            ++self.calls;
            self.label.assign(label, size);
            if (self.to_destroy) {
              EXPECT_EQ(ownership_database_destroy(self.to_destroy), TALLY_DEFERRED) << "a call is inside";
              self.to_destroy = nullptr;
            }
            *out = done < self.enough ? 1 : 0;
            return self.answer < 0 ? tally_fail(self.answer, "no more") : TALLY_OK;
          },
          &told, [](void* user) { ++static_cast<Told*>(user)->released; }};
}

ownership_row row_ignored() {
  return {[](void*, const ownership_statement*, const std::uint8_t*, std::size_t, double,
             ownership_verdict*) -> tally_status { return TALLY_OK; },
          nullptr, nullptr};
}

ownership_finished finished_of(Told& told) {
  return {[](void* user) -> tally_status {
            ++static_cast<Told*>(user)->calls;
            return TALLY_OK;
          },
          &told, [](void* user) { ++static_cast<Told*>(user)->released; }};
}

TEST_F(Ownership, ACallbackIsCalledAndReleasedOnce) {
  ownership_database* const database = open();
  Told told;
  Told at_the_end;
  const ownership_progress handler = progress_of(told);
  ASSERT_EQ(ownership_database_on_change(database, &handler), TALLY_OK);
  EXPECT_EQ(told.released, 0);
  const ownership_row each = row_ignored();
  const ownership_finished last = finished_of(at_the_end);
  std::uint64_t seen = 0;
  ASSERT_EQ(ownership_database_run(database, &each, &last, &seen), TALLY_OK) << last_error();
  EXPECT_EQ(seen, 3u);
  EXPECT_EQ(told.label, "row");
  EXPECT_EQ(at_the_end.calls, 1);
  EXPECT_EQ(at_the_end.released, 1) << "that one was for the call alone";
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
  EXPECT_EQ(told.released, 1);
}

TEST_F(Ownership, ACallbackThatFailsFailsTheCall) {
  ownership_database* const database = open();
  Told told;
  told.answer = TALLY_SYSTEM_ERROR;
  const ownership_progress handler = progress_of(told);
  ASSERT_EQ(ownership_database_on_change(database, &handler), TALLY_OK);
  Told last_told;
  const ownership_row each = row_ignored();
  const ownership_finished last = finished_of(last_told);
  std::uint64_t seen = 0;
  EXPECT_EQ(ownership_database_run(database, &each, &last, &seen), TALLY_SYSTEM_ERROR);
  EXPECT_TRUE(error_says("ownership_database_run: 'progress' failed: no more")) << last_error();
  EXPECT_EQ(last_told.released, 0) << "the call that took it has failed";
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
  EXPECT_EQ(told.released, 1);
}

TEST_F(Ownership, ACallbackMayDestroyTheObjectWhoseCallIsUnderWay) {
  ownership_database* const database = open();
  const ownership_database* const handle = ownership_database_ref(database);
  Told told;
  told.to_destroy = database;
  const ownership_progress handler = progress_of(told);
  ASSERT_EQ(ownership_database_on_change(database, &handler), TALLY_OK);
  Told last_told;
  const ownership_row each = row_ignored();
  const ownership_finished last = finished_of(last_told);
  std::uint64_t seen = 0;
  EXPECT_EQ(ownership_database_run(handle, &each, &last, &seen), TALLY_OK) << "it goes on to its end";
  EXPECT_EQ(seen, 3u);
  EXPECT_EQ(told.released, 1) << "with the last call that left";
  EXPECT_EQ(ownership_database_destroy(database), TALLY_ALREADY_DESTROYED);
}

TEST_F(Ownership, ACallbackThatIsReplacedByItselfIsReleasedWhenItHasReturned) {
  ownership_database* const database = open();
  struct Replacing : Told {
    const ownership_database* on = nullptr;
    Told next;
    int released_while_inside = 0;
  } told;
  told.on = ownership_database_ref(database);
  told.next.enough = 0;
  const ownership_progress handler = {
      [](void* user, std::uint64_t, const char*, std::size_t, tally_bool* out) -> tally_status {
        Replacing& self = *static_cast<Replacing*>(user);
        const ownership_progress next = progress_of(self.next);
        EXPECT_EQ(ownership_database_on_change(self.on, &next), TALLY_OK);
        self.released_while_inside = self.released;
        *out = 1;
        return TALLY_OK;
      },
      &told, [](void* user) { ++static_cast<Replacing*>(user)->released; }};
  ASSERT_EQ(ownership_database_on_change(database, &handler), TALLY_OK);
  Told last_told;
  const ownership_row each = row_ignored();
  const ownership_finished last = finished_of(last_told);
  std::uint64_t seen = 0;
  EXPECT_EQ(ownership_database_run(database, &each, &last, &seen), TALLY_OK) << last_error();
  EXPECT_EQ(told.released_while_inside, 0);
  EXPECT_EQ(told.released, 1);
  EXPECT_EQ(told.next.released, 0);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
  EXPECT_EQ(told.next.released, 1);
}

TEST_F(Ownership, ACallbackNeedsAFunction) {
  ownership_database* const database = open();
  const ownership_progress none{nullptr, nullptr, nullptr};
  EXPECT_EQ(ownership_database_on_change(database, &none), TALLY_NULL_ARGUMENT);
  EXPECT_EQ(ownership_database_on_change(database, nullptr), TALLY_NULL_ARGUMENT);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
}

// ---- Given memory ----

TEST_F(Ownership, AllocatedMemoryIsFilledAndGiven) {
  tally_blob data;
  ASSERT_EQ(ownership_allocate(3, 0, 1, &data), TALLY_OK) << last_error();
  EXPECT_EQ(data.data[2], 0);
  std::memcpy(data.data, "cab", 3);
  ASSERT_EQ(tally_blob_resize(&data, 5), TALLY_OK);
  EXPECT_EQ(data.size, 5u);
  std::memcpy(data.data + 3, "ed", 2);
  const tally_blob old = data;
  tally_blob sorted;
  ASSERT_EQ(ownership_sort(&data, &sorted), TALLY_OK) << last_error();
  EXPECT_EQ(data.owner, nullptr);
  EXPECT_EQ(std::string(reinterpret_cast<char*>(sorted.data), sorted.size), "abcde");
  tally_blob again = old;
  EXPECT_EQ(tally_blob_free(&again), TALLY_NOT_OWNER);
  EXPECT_EQ(tally_blob_resize(&sorted, 1), TALLY_NOT_SUPPORTED) << "an author's container";
  EXPECT_EQ(tally_blob_free(&sorted), TALLY_OK);
}

TEST_F(Ownership, MemoryThatWasNotTakenIsStillTheCallers) {
  ownership_database* const database = open();
  tally_blob data;
  tally_blob name;
  ASSERT_EQ(ownership_allocate(3, 64, 1, &data), TALLY_OK);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(data.data) % 64, 0u);
  ASSERT_EQ(ownership_allocate(7, 0, 0, &name), TALLY_OK);
  std::memcpy(name.data, "refused", 7);
  EXPECT_EQ(ownership_database_store(database, &data, &name), OWNERSHIP_ERROR_NO_SUCH_ROW);
  ASSERT_NE(data.owner, nullptr);
  ASSERT_NE(name.owner, nullptr);
  name.data[0] = 0xFF;
  EXPECT_EQ(ownership_database_store(database, &data, &name), TALLY_NOT_UTF8);
  name.data[0] = 'R';
  EXPECT_EQ(ownership_database_store(database, &data, &name), TALLY_OK) << last_error();
  EXPECT_EQ(data.owner, nullptr);
  tally_blob none{};
  EXPECT_EQ(ownership_database_store(database, &none, &name), TALLY_NULL_ARGUMENT);
  EXPECT_EQ(ownership_allocate(3, 3, 0, &data), TALLY_INVALID_ARGUMENT);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
}

// ---- Objects of the host ----

struct Sink {
  std::string written;
  int destroyed = 0;
};

const ownership_sink_methods* methods_of_sink() {
  static const ownership_sink_methods methods = [] {
    ownership_sink_methods table{};
    table.header = {sizeof table, OWNERSHIP_VERSION_MAJOR, OWNERSHIP_VERSION_MINOR};
    table.destroy = [](void* user) { ++static_cast<Sink*>(user)->destroyed; };
    table.write = [](void* user, const std::uint8_t* chunk, std::size_t size,
                     std::uint64_t* out) -> tally_status {
      static_cast<Sink*>(user)->written.assign(reinterpret_cast<const char*>(chunk), size);
      *out = size;
      return TALLY_OK;
    };
    table.name = [](void*, tally_blob* out) {
      const tally_status status = ownership_allocate(4, 0, 0, out);
      if (status >= 0) std::memcpy(out->data, "sink", 4);
      return status;
    };
    return table;
  }();
  return &methods;
}

TEST_F(Ownership, AnObjectOfTheHostIsCalledByTheModule) {
  ownership_database* const database = open("rows");
  Sink user;
  ownership_sink* sink = ownership_sink_create(methods_of_sink(), &user, nullptr);
  ASSERT_NE(sink, nullptr) << last_error();
  std::uint64_t written = 0;
  EXPECT_EQ(ownership_database_copy_to(database, sink, &written), TALLY_OK) << last_error();
  EXPECT_EQ(written, 8u) << "rows, and the length of the sink's name";
  EXPECT_EQ(user.written, "rows");
  EXPECT_EQ(ownership_sink_flush(sink), TALLY_NOT_SUPPORTED) << "the host has none";
  const ownership_sink* const handle = ownership_sink_ref(sink);
  ASSERT_EQ(ownership_database_attach(database, &sink), TALLY_OK);
  EXPECT_EQ(sink, nullptr);
  EXPECT_EQ(ownership_database_copy_to(database, handle, &written), TALLY_OK) << "a handle survives";
  EXPECT_EQ(user.destroyed, 0);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
  EXPECT_EQ(user.destroyed, 1);
  EXPECT_EQ(ownership_sink_create(nullptr, &user, nullptr), nullptr);
}

// What the host's sink answers with, and memory that is nobody's.
struct Returned {
  tally_blob blob{};
  std::uint8_t elsewhere[3] = {'n', 'o', '!'};

  static ownership_sink* sink(Returned& self) {
    static const ownership_sink_methods methods = [] {
      ownership_sink_methods table{};
      table.header = {sizeof table, OWNERSHIP_VERSION_MAJOR, OWNERSHIP_VERSION_MINOR};
      table.name = table.snapshot = [](void* user, tally_blob* out) {
        *out = static_cast<Returned*>(user)->blob;
        return tally_status{TALLY_OK};
      };
      return table;
    }();
    return ownership_sink_create(&methods, &self, nullptr);
  }
};

TEST_F(Ownership, MemoryThatTheHostReturnsIsWhatItsProviderKnows) {
  Returned returned;
  ownership_sink* const sink = Returned::sink(returned);
  const auto expect_memory = [&](auto change) {
    ASSERT_EQ(ownership_allocate(2, 0, 0, &returned.blob), TALLY_OK);
    std::memcpy(returned.blob.data, "hi", 2);
    const std::uint8_t* const data = returned.blob.data;
    change();
    tally_blob given = returned.blob;
    tally_blob out{};
    EXPECT_EQ(ownership_sink_snapshot(sink, &out), TALLY_OK) << last_error();
    EXPECT_EQ(out.data, data);
    EXPECT_EQ(out.size, 2u);
    EXPECT_EQ(tally_blob_free(&given), TALLY_NOT_OWNER) << "it has changed hands";
    EXPECT_EQ(tally_blob_free(&out), TALLY_OK) << last_error();
  };
  expect_memory([] {});
  expect_memory([&] { returned.blob.size = std::size_t{1} << 30; });
  expect_memory([&] { returned.blob.data = returned.elsewhere; });
  expect_memory([&] { returned.blob.data = nullptr; });
  EXPECT_EQ(ownership_sink_destroy(sink), TALLY_OK);
}

TEST_F(Ownership, MemoryWithoutATokenIsNotTakenFromTheHost) {
  Returned returned;
  ownership_sink* const sink = Returned::sink(returned);
  tally_blob out{};
  EXPECT_EQ(ownership_sink_snapshot(sink, &out), TALLY_OK) << "nothing at all is an empty blob";
  EXPECT_EQ(out.size, 0u);
  returned.blob = {returned.elsewhere, 3, nullptr};
  EXPECT_EQ(ownership_sink_snapshot(sink, &out), TALLY_NULL_ARGUMENT);
  EXPECT_TRUE(error_says("ownership_sink_snapshot: sink.snapshot: null argument: 'out' has memory"))
      << last_error();
  returned.blob = {nullptr, 3, nullptr};
  EXPECT_EQ(ownership_sink_name(sink, &out), TALLY_NULL_ARGUMENT);
  EXPECT_EQ(ownership_sink_destroy(sink), TALLY_OK);
}

TEST_F(Ownership, AStatusWithoutATextIsSaidInWords) {
  tally_status answer = TALLY_OK;
  ownership_sink_methods methods = *methods_of_sink();
  methods.destroy = nullptr;
  methods.write = [](void* user, const std::uint8_t*, std::size_t, std::uint64_t*) {
    return *static_cast<tally_status*>(user);
  };
  ownership_sink* const sink = ownership_sink_create(&methods, &answer, nullptr);
  const auto expect_text = [&](tally_status status, const std::string& text) {
    tally_fail(status, "earlier, and nobody's");
    answer = status;
    std::uint64_t written = 0;
    EXPECT_EQ(ownership_sink_write(sink, nullptr, 0, &written), status);
    EXPECT_EQ(last_error(), "ownership_sink_write: 'sink.write' failed" + text);
  };
  for (tally_status status = TALLY_STALE_HANDLE; status >= TALLY_SYSTEM_ERROR; --status)
    expect_text(status, std::string(": ") + tally_status_text(status) + ", without a text");
  expect_text(OWNERSHIP_ERROR_NO_SUCH_ROW, ": no_such_row, without a text");
  expect_text(-77, " with status -77, which is no error of ownership");
  EXPECT_EQ(ownership_sink_destroy(sink), TALLY_OK);
}

TEST_F(Ownership, AHostOfAnEarlierVersionLacksWhatCameLater) {
  Sink user;
  ownership_sink_methods methods = *methods_of_sink();
  methods.header.size = offsetof(ownership_sink_methods, flush);
  methods.flush = [](void*) -> tally_status {
    ADD_FAILURE() << "what lies behind the host's table is no function of its";
    return TALLY_OK;
  };
  ownership_sink* const sink = ownership_sink_create(&methods, &user, nullptr);
  ASSERT_NE(sink, nullptr) << last_error();
  EXPECT_EQ(ownership_sink_flush(sink), TALLY_NOT_SUPPORTED);
  EXPECT_EQ(ownership_sink_destroy(sink), TALLY_OK);
  EXPECT_EQ(user.destroyed, 1);
}

TEST_F(Ownership, AnEnumOfTheHostsHasOneOfItsValues) {
  Sink user;
  ownership_sink_methods methods = *methods_of_sink();
  methods.inspect = [](void*, const ownership_database*, ownership_image**, ownership_verdict* out) {
    *out = 77;
    return tally_status{TALLY_OK};
  };
  ownership_database* const database = open();
  ownership_image* image = ownership_image_create(1, 1, nullptr);
  ownership_sink* const sink = ownership_sink_create(&methods, &user, nullptr);
  ownership_verdict verdict = 1;
  EXPECT_EQ(ownership_sink_inspect(sink, database, &image, &verdict), TALLY_INVALID_ARGUMENT);
  EXPECT_EQ(verdict, 0);
  EXPECT_TRUE(error_says(
      "'sink.inspect' returned 77, which is not one of the values of its enum: more (0), enough (1)"))
      << last_error();
  EXPECT_EQ(ownership_image_release(image), TALLY_OK) << "what failed takes nothing";
  EXPECT_EQ(ownership_sink_destroy(sink), TALLY_OK);
  EXPECT_EQ(ownership_database_destroy(database), TALLY_OK);
}

TEST_F(Ownership, MethodsOfAnotherVersionAreRefused) {
  Sink user;
  const tally_table_header headers[] = {
      {0, 0, 0}, {sizeof(tally_table_header) - 1, OWNERSHIP_VERSION_MAJOR, 0}, {400, 9, 0}};
  for (const tally_table_header& header : headers) {
    ownership_sink_methods methods = *methods_of_sink();
    methods.header = header;
    EXPECT_EQ(ownership_sink_create(&methods, &user, nullptr), nullptr);
    EXPECT_EQ(tally_last_error()->status, TALLY_VERSION_MISMATCH) << last_error();
    EXPECT_TRUE(error_says("begin it with what the generated header gives")) << last_error();
  }
  EXPECT_EQ(user.destroyed, 0);
}

TEST_F(Ownership, FunctionsNeedNoObject) {
  std::uint32_t sum = 0;
  const std::uint8_t data[] = {1, 2, 3};
  EXPECT_EQ(ownership_checksum(data, 3, 10, &sum), TALLY_OK);
  EXPECT_EQ(sum, 16u);
  EXPECT_EQ(ownership_checksum(nullptr, 3, 10, &sum), TALLY_NULL_ARGUMENT);
  EXPECT_EQ(sum, 0u);
}

}  // namespace
