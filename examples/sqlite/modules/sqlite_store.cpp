// sqlite over Debian's libsqlite3.
#include "sqlite_store.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>

namespace sqlite_store {

namespace {

// What SQLite says, as an exception that says what is meant.
[[noreturn]] void fail(sqlite3* connection, int code) {
  const std::string text = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_ERROR:
      throw sqlite::BadSql(text);
    case SQLITE_CONSTRAINT:
      throw sqlite::Constraint(text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw sqlite::Busy(text);
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_PERM:
      throw sqlite::CannotOpen(text);
    case SQLITE_RANGE:
      throw std::invalid_argument("the statement has no value of that index");
    default:
      throw std::runtime_error(text);
  }
}

void check(sqlite3* connection, int code) {
  if (code != SQLITE_OK) fail(connection, code);
}

// For SQLite, where a name ends at its first NUL.
std::string terminated(std::string_view text, const char* what) {
  if (text.find('\0') != std::string_view::npos)
    throw std::invalid_argument(std::string(what) + " has a NUL in it");
  return std::string(text);
}

Connection open(std::string_view path) {
  sqlite3* opened = nullptr;
  const std::string name = terminated(path, "the path");
  const int result =
      sqlite3_open_v2(name.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Connection connection(opened);  // there even if it could not be opened
  if (result == SQLITE_CANTOPEN) throw sqlite::CannotOpen(name + ": " + sqlite3_errmsg(opened));
  check(opened, result);
  return connection;
}

// Compiles the first statement of `sql` and leaves the rest there. Null if there is none, only space or
// comments.
sqlite3_stmt* compile(sqlite3* connection, std::string_view& sql) {
  if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) fail(nullptr, SQLITE_TOOBIG);
  if (sql.find('\0') != std::string_view::npos) throw sqlite::BadSql("the text has a NUL in it");
  sqlite3_stmt* statement = nullptr;
  const char* rest = sql.data();
  check(connection,
        sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &statement, &rest));
  sql.remove_prefix(static_cast<std::size_t>(rest - sql.data()));
  return statement;
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using StatementPointer = std::unique_ptr<sqlite3_stmt, Finalize>;

// ---- functions of the host's ----

// One that SQLite keeps, and what it is called with.
template <class Function>
struct Added {
  Database& database;
  Function function;
};

void call(sqlite3_context* context, const sqlite::host::OfText& function, sqlite3_value* argument) {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(argument));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(argument));
  sqlite3_result_int64(context, function(text ? std::string_view(text, size) : std::string_view()));
}

void call(sqlite3_context* context, const sqlite::host::OfNumber& function, sqlite3_value* argument) {
  sqlite3_result_double(context, function(sqlite3_value_double(argument)));
}

}  // namespace

// ---- Database ----

Database::Database(std::string_view path) : connection_(open(path)) {
  // Only now does SQLite look into the file.
  const int result = sqlite3_exec(connection(), "PRAGMA schema_version", nullptr, nullptr, nullptr);
  if (result == SQLITE_NOTADB)
    throw sqlite::CannotOpen(std::string(path) + ": " + sqlite3_errmsg(connection()));
  check(connection(), result);
}

bool Database::step(sqlite3_stmt* statement) {
  const int result = sqlite3_step(statement);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  fail(connection(), result);
}

std::uint64_t Database::execute(std::string_view sql) {
  const sqlite3_int64 before = sqlite3_total_changes64(connection());
  while (!sql.empty()) {
    const StatementPointer statement(compile(connection(), sql));
    while (statement && step(statement.get())) continue;
  }
  return static_cast<std::uint64_t>(sqlite3_total_changes64(connection()) - before);
}

Statement Database::prepare(std::string_view sql) {
  return Statement(*this, sql);
}

template <class Compute>
void Database::answer(sqlite3_context* context, Compute compute) noexcept {
  try {
    compute();
  } catch (...) {
    thrown_ = std::current_exception();
    sqlite3_result_error(context, "a function of the host's failed", -1);
  }
}

// SQLite deletes what it was given when the function is replaced or removed, with the connection, and also if
// this very call fails.
template <class Function>
void Database::add_function(std::string_view name, Function function) {
  const std::string terminated_name = terminated(name, "the name of the function");
  auto* const added = new Added<Function>{*this, std::move(function)};
  const auto run = [](sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto& self = *static_cast<Added<Function>*>(sqlite3_user_data(context));
    self.database.answer(context, [&] { call(context, self.function, arguments[0]); });
  };
  const auto drop = [](void* pointer) { delete static_cast<Added<Function>*>(pointer); };
  check(connection(), sqlite3_create_function_v2(connection(), terminated_name.c_str(), 1, SQLITE_UTF8, added,
                                                 run, nullptr, nullptr, drop));
}

void Database::add_text_function(std::string_view name, sqlite::host::OfText function) {
  add_function(name, std::move(function));
}

void Database::add_number_function(std::string_view name, sqlite::host::OfNumber function) {
  add_function(name, std::move(function));
}

void Database::remove_function(std::string_view name) {
  check(connection(),
        sqlite3_create_function_v2(connection(), terminated(name, "the name of the function").c_str(), 1,
                                   SQLITE_UTF8, nullptr, nullptr, nullptr, nullptr, nullptr));
}

Backup Database::back_up(std::string_view path) {
  return Backup(*this, path);
}

// ---- Statement ----

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  StatementPointer first(compile(database.connection(), sql));
  if (!first) throw sqlite::BadSql("there is no statement in the text");
  if (StatementPointer(compile(database.connection(), sql)))
    throw sqlite::BadSql("there is more than one statement in the text; use execute");
  statement_ = first.release();
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

void Statement::check_idle() const {
  if (is_stepping_) throw std::invalid_argument("the statement is in a step, which called this function");
}

void Statement::check_bound(int result) const {
  if (result == SQLITE_MISUSE)
    throw std::invalid_argument("the statement is between its rows; reset it first");
  check(database_.connection(), result);
}

void Statement::bind_integer(std::int32_t index, std::int64_t value) {
  check_bound(sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind_text(std::int32_t index, std::string_view value) {
  const char* const text = value.empty() ? "" : value.data();  // a null pointer would be SQL's null
  check_bound(sqlite3_bind_text64(statement_, index, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_blob(std::int32_t index, tally::OwnedBytes&& value) {
  static const std::uint8_t nothing = 0;
  const void* const data = value.size() == 0 ? &nothing : value.data();
  check_bound(sqlite3_bind_blob64(statement_, index, data, value.size(), SQLITE_STATIC));
  try {
    given_[index] = std::move(value);
  } catch (const std::bad_alloc&) {
    sqlite3_bind_null(statement_, index);  // or SQLite would read what stays the caller's
    throw;
  }
}

bool Statement::step() {
  check_idle();
  is_stepping_ = true;
  has_row_ = false;
  try {
    has_row_ = database_.step(statement_);
  } catch (...) {
    is_stepping_ = false;
    sqlite3_reset(statement_);
    throw;
  }
  is_stepping_ = false;
  if (!has_row_) sqlite3_reset(statement_);
  return has_row_;
}

void Statement::reset() {
  check_idle();
  has_row_ = false;
  sqlite3_reset(statement_);  // tells again what the last step has told
}

int Statement::type_of(std::int32_t column) const {
  check_idle();
  if (!has_row_) throw std::invalid_argument("the statement stands on no row; step first");
  const int columns = sqlite3_column_count(statement_);
  if (column < 0 || column >= columns) {
    throw std::invalid_argument("there is no column " + std::to_string(column) + "; there are " +
                                std::to_string(columns) + ", the first is 0");
  }
  return sqlite3_column_type(statement_, column);
}

std::int64_t Statement::integer(std::int32_t column) {
  type_of(column);
  return sqlite3_column_int64(statement_, column);
}

// Read as what it is not, a value is converted where it lies, and views of it would dangle. So each column is
// either text (or a number, whose text is made once) or a blob.
std::string_view Statement::text(std::int32_t column) {
  if (type_of(column) == SQLITE_BLOB)
    throw std::invalid_argument("column " + std::to_string(column) + " is a blob, not text");
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return text ? std::string_view(text, size) : std::string_view();
}

tally::Bytes Statement::blob(std::int32_t column) {
  const int type = type_of(column);
  if (type == SQLITE_NULL) return {};
  if (type != SQLITE_BLOB) throw std::invalid_argument("column " + std::to_string(column) + " is no blob");
  const auto* const data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

// ---- Backup ----

Backup::Backup(Database& source, std::string_view path)
    : target_(open(path)), backup_(sqlite3_backup_init(target_.get(), "main", source.connection(), "main")) {
  if (!backup_) fail(target_.get(), sqlite3_errcode(target_.get()));
}

Backup::~Backup() {
  sqlite3_backup_finish(backup_);
}

bool Backup::step(std::uint32_t pages) {
  const auto most = static_cast<std::uint32_t>(std::numeric_limits<int>::max());
  const int result = sqlite3_backup_step(backup_, static_cast<int>(std::min(pages, most)));
  if (result == SQLITE_OK) return true;
  if (result == SQLITE_DONE) return false;
  fail(nullptr, result);
}

bool Backup::run(std::uint32_t pages, const sqlite::host::Progress& report) {
  while (step(pages)) {
    const int total = sqlite3_backup_pagecount(backup_);
    const int done = total - sqlite3_backup_remaining(backup_);
    if (!report(static_cast<std::uint32_t>(done), static_cast<std::uint32_t>(total))) return false;
  }
  return true;
}

}  // namespace sqlite_store
