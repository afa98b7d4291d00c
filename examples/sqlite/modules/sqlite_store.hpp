// sqlite over Debian's libsqlite3: what its three kinds of objects are and what they hold. That a database
// outlives its statements and its backups, and that no text or blob moves while somebody looks at it, is in
// sqlite.json.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sqlite_host.hpp"
#include "sqlite_types.hpp"
#include "tally/bytes.hpp"
#include "tally/owned_bytes.hpp"

namespace sqlite_store {

class Statement;
class Backup;

// A connection, closed when it ends.
struct CloseConnection {
  void operator()(sqlite3* connection) const noexcept { sqlite3_close(connection); }
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;

class Database {
 public:
  explicit Database(std::string_view path);

  std::uint64_t execute(std::string_view sql);
  Statement prepare(std::string_view sql);

  void add_text_function(std::string_view name, sqlite::host::OfText function);
  void add_number_function(std::string_view name, sqlite::host::OfNumber function);
  void remove_function(std::string_view name);

  Backup back_up(std::string_view path);

  sqlite3* connection() const noexcept { return connection_.get(); }

  // One step of a statement: whether there is a row.
  bool step(sqlite3_stmt* statement);

  // Answers SQL's call of a function of the host's. An exception can't go through SQLite: it waits here, for
  // the step that is under way.
  template <class Compute>
  void answer(sqlite3_context* context, Compute compute) noexcept;

 private:
  template <class Function>
  void add_function(std::string_view name, Function function);

  std::exception_ptr thrown_;  // by a function of the host's
  Connection connection_;
};

class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  void bind_integer(std::int32_t index, std::int64_t value);
  void bind_text(std::int32_t index, std::string_view value);
  void bind_blob(std::int32_t index, tally::OwnedBytes&& value);  // a reference: taken only if all goes well

  bool step();
  void reset();

  std::int64_t integer(std::int32_t column);
  std::string_view text(std::int32_t column);
  tally::Bytes blob(std::int32_t column);

 private:
  // Throws if the column isn't there, or the row is not to be read now; returns the column's type.
  int type_of(std::int32_t column) const;
  // A function of the host's, called by a step, may call everything but the statement that is under way.
  void check_idle() const;
  void check_bound(int result) const;

  Database& database_;
  sqlite3_stmt* statement_ = nullptr;
  std::map<std::int32_t, tally::OwnedBytes> given_;  // blobs that are bound
  bool is_stepping_ = false;
  bool has_row_ = false;
};

class Backup {
 public:
  Backup(Database& source, std::string_view path);
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;
  ~Backup();

  bool step(std::uint32_t pages);
  bool run(std::uint32_t pages, const sqlite::host::Progress& report);

 private:
  Connection target_;
  sqlite3_backup* backup_;
};

}  // namespace sqlite_store
