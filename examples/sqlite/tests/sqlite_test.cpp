// What sqlite.json promises, asked of the module: who lives how long, also when the host's own functions
// destroy what is calling them, and that what a failed call was given stays the caller's.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "sqlite.hpp"

namespace {

// Counts in `released` when the last copy of the function has gone that holds this.
std::shared_ptr<void> counting(int& released) {
  return {nullptr, [&released](void*) { ++released; }};
}

class Sqlite : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(tally_ledger_write(STDERR_FILENO, 1), 0u);
    std::filesystem::remove(path_);
  }

  // Three rows: 1 and "one", and so on; and a blob.
  sqlite::Database numbers(const std::string& path = ":memory:") {
    sqlite::Database database = sqlite::Database::create(module_, path);
    database.execute(
        "CREATE TABLE numbers(value INTEGER PRIMARY KEY, name TEXT NOT NULL, raw BLOB);"
        "INSERT INTO numbers VALUES(1, 'one', x'01'), (2, 'two', x'0202'), (3, 'three', NULL)");
    return database;
  }

  tally::Blob blob(std::string_view content) {
    tally::Blob made = sqlite::allocate(module_, content.size());
    std::memcpy(made.data(), content.data(), content.size());
    return made;
  }

  sqlite::Module module_ = sqlite::Module::load(SQLITE_MODULE);
  std::string path_ = testing::TempDir() + "sqlite_test." + std::to_string(getpid());
};

template <class Error = tally::Error>
void expect_error(tally_status status, const char* text, const std::function<void()>& call) {
  try {
    call();
    ADD_FAILURE() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), status);
    EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
  }
}

// ---- SQL ----

TEST_F(Sqlite, ExecutesAnyNumberOfStatementsAndCountsTheirRows) {
  const sqlite::Database database = numbers();
  EXPECT_EQ(database.execute(""), 0u);
  EXPECT_EQ(database.execute(" -- nothing\n"), 0u);
  EXPECT_EQ(database.execute("SELECT * FROM numbers"), 0u);
  EXPECT_EQ(database.execute("DELETE FROM numbers WHERE value = 1; UPDATE numbers SET raw = NULL"), 3u);
}

TEST_F(Sqlite, SaysWhatIsWrongWithTheSql) {
  const sqlite::Database database = numbers();
  EXPECT_THROW((void)database.prepare("SELEKT 1"), sqlite::BadSql);
  EXPECT_THROW((void)database.prepare("SELECT * FROM letters"), sqlite::BadSql);
  EXPECT_THROW((void)database.prepare("-- nothing"), sqlite::BadSql);
  EXPECT_THROW((void)database.prepare("SELECT 1; SELECT 2"), sqlite::BadSql);
  EXPECT_THROW((void)database.prepare(std::string_view("SELECT 1\0x", 10)), sqlite::BadSql);
  EXPECT_THROW(database.execute("INSERT INTO numbers VALUES(1, 'uno', NULL)"), sqlite::Constraint);
  EXPECT_NO_THROW((void)database.prepare("SELECT 1; -- one"));
}

TEST_F(Sqlite, NamesAFileThatIsNoDatabase) {
  expect_error(SQLITE_ERROR_CANNOT_OPEN, "/no/such/folder/file",
               [&] { (void)sqlite::Database::create(module_, "/no/such/folder/file"); });
  expect_error(SQLITE_ERROR_CANNOT_OPEN, SQLITE_MODULE,
               [&] { (void)sqlite::Database::create(module_, SQLITE_MODULE); });
  EXPECT_THROW((void)sqlite::Database::create(module_, std::string_view("a\0b", 3)), tally::Error);
}

TEST_F(Sqlite, IsBusyWhileAnotherConnectionWrites) {
  const sqlite::Database one = numbers(path_);
  const sqlite::Database two = sqlite::Database::create(module_, path_);
  one.execute("BEGIN EXCLUSIVE");
  EXPECT_THROW(two.execute("DELETE FROM numbers"), sqlite::Busy);
  one.execute("COMMIT");
  EXPECT_EQ(two.execute("DELETE FROM numbers"), 3u);
}

// ---- rows ----

TEST_F(Sqlite, ReadsColumnsWhereTheyLie) {
  const sqlite::Database database = numbers();
  const sqlite::Statement statement = database.prepare("SELECT value, name, raw FROM numbers ORDER BY value");
  ASSERT_TRUE(statement.step());
  {
    const tally::View name = statement.text(1);
    const tally::View again = statement.text(1);
    const tally::View raw = statement.blob(2);
    EXPECT_EQ(statement.integer(0), 1);
    EXPECT_EQ(name.text(), "one");
    EXPECT_EQ(name.data(), again.data());
    EXPECT_EQ(raw.size(), 1u);
    EXPECT_EQ(statement.text(0).text(), "1");
    EXPECT_EQ(name.text(), "one");
  }
  ASSERT_TRUE(statement.step());
  ASSERT_TRUE(statement.step());
  EXPECT_TRUE(statement.blob(2).empty());
  EXPECT_FALSE(statement.step());
  EXPECT_TRUE(statement.step()) << "after the last row it begins anew";
}

TEST_F(Sqlite, ViewsKeepTheRowInPlace) {
  const sqlite::Database database = numbers();
  const sqlite::Statement statement = database.prepare("SELECT name FROM numbers");
  statement.step();
  tally::View name = statement.text(0);
  expect_error(TALLY_BORROWED, "view", [&] { statement.step(); });
  expect_error(TALLY_BORROWED, "view", [&] { statement.reset(); });
  EXPECT_EQ(name.text(), "one");
  name.close();
  statement.reset();
  EXPECT_TRUE(statement.step());
}

TEST_F(Sqlite, NeverConvertsAColumnUnderAView) {
  const sqlite::Database database = numbers();
  const sqlite::Statement statement = database.prepare("SELECT name, raw, value FROM numbers");
  statement.step();
  expect_error(TALLY_INVALID_ARGUMENT, "column 0 is no blob", [&] { (void)statement.blob(0); });
  expect_error(TALLY_INVALID_ARGUMENT, "column 1 is a blob", [&] { (void)statement.text(1); });
  expect_error(TALLY_INVALID_ARGUMENT, "column 2 is no blob", [&] { (void)statement.blob(2); });
}

TEST_F(Sqlite, NamesAColumnOrAValueThatIsNotThere) {
  const sqlite::Database database = numbers();
  const sqlite::Statement statement = database.prepare("SELECT name FROM numbers WHERE value = ?1");
  expect_error(TALLY_INVALID_ARGUMENT, "no row", [&] { (void)statement.text(0); });
  expect_error(TALLY_INVALID_ARGUMENT, "no value of that index", [&] { statement.bind_integer(2, 1); });
  statement.bind_integer(1, 2);
  statement.step();
  expect_error(TALLY_INVALID_ARGUMENT, "no column 1; there are 1", [&] { (void)statement.text(1); });
  expect_error(TALLY_INVALID_ARGUMENT, "no column -1", [&] { (void)statement.integer(-1); });
  expect_error(TALLY_INVALID_ARGUMENT, "reset it first", [&] { statement.bind_integer(1, 1); });
  EXPECT_FALSE(statement.step());
  expect_error(TALLY_INVALID_ARGUMENT, "no row", [&] { (void)statement.text(0); });
}

// ---- memory that is given ----

TEST_F(Sqlite, StoresABlobFromWhereItLies) {
  const sqlite::Database database = numbers();
  const sqlite::Statement insert = database.prepare("INSERT INTO numbers VALUES(?1, 'x', ?2)");
  for (int value = 4; value < 8; ++value) {
    tally::Blob content = blob(std::string(static_cast<std::size_t>(value - 4), 'y'));
    insert.bind_integer(1, value);
    insert.bind_blob(2, std::move(content));
    EXPECT_EQ(content.data(), nullptr);  // NOLINT(bugprone-use-after-move): that it is empty is the point
    insert.step();
  }
  const sqlite::Statement statement =
      database.prepare("SELECT group_concat(typeof(raw) || length(raw)) FROM numbers WHERE value > 3");
  statement.step();
  EXPECT_EQ(statement.text(0).text(), "blob0,blob1,blob2,blob3");
}

TEST_F(Sqlite, WhatIsGivenToAFailedCallStaysTheCallers) {
  const sqlite::Database database = numbers();
  const sqlite::Statement statement = database.prepare("SELECT ?1");
  tally::Blob content = blob("abc");
  EXPECT_THROW(statement.bind_blob(2, std::move(content)), tally::Error);
  EXPECT_EQ(content.text(), "abc");  // NOLINT(bugprone-use-after-move): it was not taken
  statement.bind_blob(1, std::move(content));
  statement.step();
  EXPECT_EQ(statement.blob(0).text(), "abc");
}

// ---- functions of the host's ----

TEST_F(Sqlite, CallsFunctionsUntilTheyAreReplacedRemovedOrTheDatabaseGoes) {
  int first = 0;
  int second = 0;
  int third = 0;
  {
    const sqlite::Database database = numbers();
    database.add_text_function("f", [held = counting(first)](std::string_view) { return std::int64_t{1}; });
    EXPECT_EQ(first, 0);
    database.add_text_function("f", [held = counting(second)](std::string_view) { return std::int64_t{2}; });
    EXPECT_EQ(first, 1);
    database.add_number_function("g", [held = counting(third)](double number) { return 2 * number; });
    const sqlite::Statement statement = database.prepare("SELECT f(name), g(value) FROM numbers");
    statement.step();
    EXPECT_EQ(statement.integer(0), 2);
    EXPECT_EQ(statement.integer(1), 2);
    EXPECT_THROW(database.remove_function("f"), sqlite::Busy);
    EXPECT_EQ(second, 0);
    statement.reset();
    database.remove_function("f");
    EXPECT_EQ(second, 1);
    expect_error<sqlite::BadSql>(SQLITE_ERROR_BAD_SQL, "no such function: f", [&] { statement.step(); });
    EXPECT_EQ(third, 0);
  }
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
  EXPECT_EQ(third, 1);
}

TEST_F(Sqlite, AFunctionThatWasNotAddedStaysTheCallers) {
  const sqlite::Database database = numbers();
  const std::string too_long(300, 'f');
  int released = 0;
  const sqlite_of_number function = {[](void*, double, double*) -> tally_status { return TALLY_OK; },
                                     &released, [](void* user) { ++*static_cast<int*>(user); }};
  EXPECT_LT(module_.api()->database_add_number_function(database.token(), too_long.data(), too_long.size(),
                                                        &function),
            0);
  EXPECT_LT(module_.api()->database_add_number_function(database.token(), "a\0b", 3, &function), 0);
  EXPECT_EQ(released, 0);
  EXPECT_EQ(module_.api()->database_add_number_function(database.token(), "f", 1, &function), TALLY_OK);
  database.remove_function("f");
  EXPECT_EQ(released, 1);
}

TEST_F(Sqlite, WhatAFunctionThrowsFailsTheStepAndNothingElse) {
  const sqlite::Database database = numbers();
  database.add_text_function("f", [](std::string_view name) -> std::int64_t {
    if (name == "two") throw std::runtime_error("not this one");
    return 1;
  });
  const sqlite::Statement statement = database.prepare("SELECT f(name) FROM numbers ORDER BY value");
  EXPECT_TRUE(statement.step());
  expect_error(TALLY_EXCEPTION, "not this one", [&] { statement.step(); });
  expect_error(TALLY_EXCEPTION, "not this one", [&] { database.execute("SELECT f(name) FROM numbers"); });
  EXPECT_THROW(database.execute("INSERT INTO numbers VALUES(1, 'uno', NULL)"), sqlite::Constraint)
      << "what was thrown is over";
  EXPECT_TRUE(statement.step()) << "from the beginning";
  EXPECT_EQ(statement.integer(0), 1);
}

TEST_F(Sqlite, AFunctionMayUseTheDatabaseButNotTheStatementThatCallsIt) {
  const sqlite::Database database = numbers();
  const sqlite::Statement other = database.prepare("SELECT max(value) FROM numbers");
  const sqlite::Statement* calling = nullptr;
  database.add_number_function("f", [&](double number) {
    expect_error(TALLY_INVALID_ARGUMENT, "is in a step", [&] { calling->step(); });
    expect_error(TALLY_INVALID_ARGUMENT, "is in a step", [&] { calling->reset(); });
    expect_error(TALLY_INVALID_ARGUMENT, "is in a step", [&] { (void)calling->integer(0); });
    expect_error(TALLY_INVALID_ARGUMENT, "reset it first", [&] { calling->bind_integer(1, 7); });
    other.step();
    const auto largest = static_cast<double>(other.integer(0));
    other.reset();
    return number + largest;
  });
  const sqlite::Statement statement = database.prepare("SELECT f(value + ?1) FROM numbers");
  calling = &statement;
  statement.bind_integer(1, 10);
  EXPECT_TRUE(statement.step());
  EXPECT_EQ(statement.integer(0), 14);
}

TEST_F(Sqlite, AFunctionMayDestroyWhatCallsIt) {
  int released = 0;
  sqlite::Database database = numbers();
  sqlite::Statement* calling = nullptr;
  database.add_number_function("f", [&, held = counting(released)](double number) {
    EXPECT_EQ(calling->destroy(), TALLY_DEFERRED);
    EXPECT_EQ(database.destroy(), TALLY_DEFERRED);
    EXPECT_EQ(released, 0);
    return number;
  });
  sqlite::Statement statement = database.prepare("SELECT f(value) FROM numbers");
  const sqlite::StatementRef reference = statement;
  calling = &statement;
  EXPECT_TRUE(reference.step());
  EXPECT_EQ(released, 1);
  expect_error(TALLY_STALE_HANDLE, "step", [&] { reference.step(); });
}

// ---- who waits for whom ----

TEST_F(Sqlite, ADatabaseWaitsForItsStatementsInAnyOrder) {
  sqlite::Database database = numbers();
  sqlite::Statement first = database.prepare("SELECT name FROM numbers");
  sqlite::Statement second = database.prepare("SELECT value FROM numbers");
  EXPECT_FALSE(database.try_destroy());
  EXPECT_EQ(tally_last_error()->status, TALLY_HAS_CHILDREN);
  EXPECT_EQ(database.destroy(), TALLY_DEFERRED);
  EXPECT_TRUE(first.step());
  EXPECT_EQ(first.destroy(), TALLY_OK);
  EXPECT_TRUE(second.step());
  EXPECT_EQ(second.integer(0), 1);
  EXPECT_EQ(second.destroy(), TALLY_OK);
}

TEST_F(Sqlite, AViewOutlivesItsStatementAndItsDatabase) {
  std::optional<tally::View> name;
  {
    const sqlite::Database database = numbers();
    const sqlite::Statement statement = database.prepare("SELECT name FROM numbers");
    statement.step();
    name = statement.text(0);
  }
  EXPECT_EQ(name->text(), "one");
}

TEST_F(Sqlite, OnlyItsOwnThreadUsesADatabase) {
  sqlite::Database database = numbers();
  sqlite::Statement statement = database.prepare("SELECT name FROM numbers");
  std::thread([&] {
    expect_error(TALLY_WRONG_THREAD, "thread", [&] { database.execute("DELETE FROM numbers"); });
    expect_error(TALLY_WRONG_THREAD, "thread", [&] { statement.step(); });
    EXPECT_EQ(database.destroy(), TALLY_DEFERRED);
    EXPECT_EQ(statement.destroy(), TALLY_DEFERRED);
  }).join();
  tally_collect();
}

// ---- backup ----

TEST_F(Sqlite, ABackupIsACopy) {
  const sqlite::Database database = numbers();
  database.execute("INSERT INTO numbers SELECT value + 10, name, zeroblob(100000) FROM numbers");
  int reports = 0;
  int released = 0;
  const sqlite::Backup backup = database.back_up(path_);
  const bool is_complete =
      backup.run(10, [&, held = counting(released)](std::uint32_t done, std::uint32_t total) {
        EXPECT_LE(done, total);
        return ++reports < 3;
      });
  EXPECT_FALSE(is_complete);
  EXPECT_EQ(reports, 3);
  EXPECT_EQ(released, 1);
  expect_error(TALLY_EXCEPTION, "no more", [&] {
    backup.run(10, [](std::uint32_t, std::uint32_t) -> bool { throw std::runtime_error("no more"); });
  });
  EXPECT_TRUE(backup.run(1'000'000'000, [](std::uint32_t, std::uint32_t) { return true; }));
  const sqlite::Database copy = sqlite::Database::create(module_, path_);
  EXPECT_EQ(copy.execute("DELETE FROM numbers WHERE value > 0"), 6u);
}

TEST_F(Sqlite, ABackupThatIsNotCompleteLeavesTheFileAsItWas) {
  numbers(path_).execute("DELETE FROM numbers WHERE value = 2");
  sqlite::Database database = numbers();
  database.execute("UPDATE numbers SET raw = zeroblob(100000)");
  sqlite::Backup backup = database.back_up(path_);
  EXPECT_TRUE(backup.step(1));
  EXPECT_EQ(database.destroy(), TALLY_OK) << "the backup ends with it";
  expect_error(TALLY_GONE_WITH_PARENT, "backup", [&] { (void)backup.step(1); });
  EXPECT_EQ(backup.destroy(), TALLY_OK);
  const sqlite::Database as_it_was = sqlite::Database::create(module_, path_);
  EXPECT_EQ(as_it_was.execute("DELETE FROM numbers"), 2u);
}

TEST_F(Sqlite, ABackupEndsWithTheDatabaseWhateverItsReportDestroys) {
  sqlite::Database database = numbers();
  database.execute("UPDATE numbers SET raw = zeroblob(100000)");
  const sqlite::Backup backup = database.back_up(path_);
  int released = 0;
  EXPECT_FALSE(backup.run(1, [&, held = counting(released)](std::uint32_t, std::uint32_t) {
    EXPECT_EQ(database.destroy(), TALLY_DEFERRED);
    return false;
  }));
  EXPECT_EQ(released, 1);
  expect_error(TALLY_GONE_WITH_PARENT, "backup", [&] { (void)backup.step(1); });
}

}  // namespace
