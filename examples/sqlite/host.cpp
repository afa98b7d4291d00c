// Puts every file below a folder into a database, path, size and first bytes, and asks it questions in which
// SQL calls functions of this program; reads all of it back through views; backs it up; and then lets objects
// go in every order that goes wrong elsewhere. Ends with the ledger. host.c is the same program in C, host.py
// in Python.
//
//     sqlite_host_cpp [MODULE] [FOLDER]
//
// Exit code 0: all went as it should, and everything was given back; 1: something failed, and is named; 2:
// the command line is wrong.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "open_files.h"
#include "sqlite.hpp"

namespace {

constexpr std::size_t head_size = 64;
constexpr std::uint32_t pages_between_reports = 64;

// ---- the files ----

// All regular files below the folder, sorted.
std::vector<std::string> collect_files(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.symlink_status().type() == std::filesystem::file_type::regular)
      paths.push_back(entry.path().string());
  }
  if (paths.empty()) throw std::runtime_error("no files in " + folder);
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The file's first bytes, into `head`. Returns how many there are.
std::size_t read_head(const std::string& path, std::uint8_t* head) {
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(head), head_size);
  if (!file.is_open() || file.bad())
    throw std::system_error(errno, std::generic_category(), "reading " + path);
  return static_cast<std::size_t>(file.gcount());
}

// A folder of ours, which goes with what is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    const char* const parent = std::getenv("TMPDIR");
    path_ = std::string(parent != nullptr && *parent != 0 ? parent : "/tmp") + "/sqlite_host.XXXXXX";
    if (mkdtemp(path_.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), "making a temporary folder " + path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// ---- into the database ----

// One file: its first bytes are read into memory of the module's, which is then given, not copied.
void load_file(const sqlite::Module& module, sqlite::StatementRef insert, const std::string& path) {
  tally::Blob head = sqlite::allocate(module, head_size);
  head.resize(read_head(path, head.data()));
  insert.bind_text(1, path);
  insert.bind_integer(2, static_cast<std::int64_t>(std::filesystem::file_size(path)));
  insert.bind_blob(3, std::move(head));
  insert.step();
}

void load(const sqlite::Module& module, sqlite::DatabaseRef database, const std::vector<std::string>& paths) {
  database.execute(
      "CREATE TABLE files(path TEXT PRIMARY KEY, size INTEGER NOT NULL, head BLOB NOT NULL); BEGIN");
  const sqlite::Statement insert = database.prepare("INSERT INTO files VALUES(?1, ?2, ?3)");
  for (const std::string& path : paths) {
    try {
      load_file(module, insert, path);
    } catch (const tally::Error& error) {
      throw std::runtime_error(path + ": " + error.what());
    }
  }
  database.execute("COMMIT");
}

// ---- functions for SQL ----

// Counts in `released` when the last copy of the function has gone that holds this.
std::shared_ptr<void> counting(unsigned& released) {
  return {nullptr, [&released](void*) { ++released; }};
}

void add_functions(sqlite::DatabaseRef database, unsigned& released) {
  database.add_text_function("depth", [held = counting(released)](std::string_view path) {
    return static_cast<std::int64_t>(std::count(path.begin(), path.end(), '/'));
  });
  database.add_text_function("refuse", [held = counting(released)](std::string_view) -> std::int64_t {
    throw std::runtime_error("the host would rather not");
  });
  database.add_number_function("digits", [held = counting(released)](double number) {
    double digits = 1;
    while (number >= 10) {
      number /= 10;
      ++digits;
    }
    return digits;
  });
}

// ---- questions ----

void print_sizes(sqlite::DatabaseRef database) {
  const sqlite::Statement statement = database.prepare(
      "SELECT digits(size), count(*), sum(size), max(depth(path)) FROM files GROUP BY 1 ORDER BY 1");
  std::printf("%6s %10s %14s %8s\n", "digits", "files", "bytes", "deepest");
  while (statement.step()) {
    std::printf("%6" PRId64 " %10" PRId64 " %14" PRId64 " %8" PRId64 "\n", statement.integer(0),
                statement.integer(1), statement.integer(2), statement.integer(3));
  }
}

// Every row is read where SQLite has it, and compared with the file.
void read_back(sqlite::DatabaseRef database, const std::vector<std::string>& paths) {
  const sqlite::Statement statement = database.prepare("SELECT path, head FROM files ORDER BY path");
  std::uint64_t bytes = 0;
  for (const std::string& path : paths) {
    if (!statement.step()) throw std::runtime_error("reading back: there is no row for " + path);
    const tally::View stored_path = statement.text(0);
    const tally::View stored = statement.blob(1);
    std::uint8_t head[head_size];
    const std::size_t size = read_head(path, head);
    if (stored_path.text() != path || !std::equal(stored.begin(), stored.end(), head, head + size))
      throw std::runtime_error(path + ": what is stored differs from the file");
    bytes += stored_path.size() + stored.size();
  }
  std::printf("\nread back through views: %zu files, %" PRIu64 " bytes, all as stored\n", paths.size(),
              bytes);
}

// ---- backup ----

std::int64_t count_copied(const sqlite::Module& module, const std::string& path) {
  const sqlite::Database copy = sqlite::Database::create(module, path);
  const sqlite::Statement statement = copy.prepare("SELECT count(*) FROM files");
  statement.step();
  return statement.integer(0);
}

void back_up(const sqlite::Module& module, sqlite::DatabaseRef database, const std::string& path) {
  unsigned released = 0;
  bool complete = false;
  {
    const sqlite::Backup backup = database.back_up(path);
    complete = backup.run(
        pages_between_reports,
        [held = counting(released)](std::uint32_t done, std::uint32_t total) { return done <= total; });
  }
  std::printf("backed up: %s, %" PRId64 " files; its report was released %u time\n",
              complete ? "complete" : "incomplete", count_copied(module, path), released);
}

// ---- what goes wrong elsewhere ----

// What a call comes to, in a word.
template <class Call>
std::string answer_of(Call call) {
  try {
    if constexpr (std::is_same_v<decltype(call()), tally_status>) {
      return tally_status_text(call());
    } else {
      (void)call();
      return "ok";
    }
  } catch (const tally::InterfaceError& error) {
    return error.name();
  } catch (const tally::Error& error) {
    const bool is_ours =
        std::string_view(error.what()).find("the host would rather not") != std::string_view::npos;
    return is_ours ? "the host's error" : tally_status_text(error.status());
  }
}

class Teller {
 public:
  explicit Teller(std::string path) : path_(std::move(path)) {
    std::printf("\n%-58s %-18s %s\n", "what is done", "what is answered", "the file is then");
  }
  void operator()(const char* what, const std::string& answer) const {
    std::printf("%-58s %-18s %s\n", what, answer.c_str(), is_open(path_.c_str()) != 0 ? "open" : "closed");
  }

 private:
  std::string path_;
};

void tell_errors(const Teller& tell, sqlite::DatabaseRef database) {
  tell("SQL that is none is prepared", answer_of([&] { return database.prepare("SELEKT 1"); }));
  tell("a path is stored that is there",
       answer_of([&] { return database.execute("INSERT INTO files SELECT * FROM files"); }));
  const sqlite::Statement statement = database.prepare("SELECT refuse(path) FROM files");
  tell("a function of the host's fails, called by a step", answer_of([&] { return statement.step(); }));
}

// The database goes first, then the statement, then the view of its text; each waits for the next.
void tell_endings(const Teller& tell, sqlite::Database database, const std::string& copy,
                  const std::string& last, const unsigned& released) {
  sqlite::Statement statement =
      database.prepare("SELECT min(path) FROM files UNION ALL SELECT max(path) FROM files");
  sqlite::Backup backup = database.back_up(copy);
  backup.step(1);
  statement.step();
  tally::View text = statement.text(0);
  tell("a statement steps while its text is viewed", answer_of([&] { return statement.step(); }));
  text.close();
  const bool is_destroyed = database.try_destroy();
  tell("the database is destroyed, if that can be at once",
       is_destroyed ? "ok" : tally_status_text(tally_last_error()->status));
  tell("the database is destroyed", answer_of([&] { return database.destroy(); }));
  tell("  its statement steps", answer_of([&] { return statement.step(); }));
  tell("  its backup, half done, goes on", answer_of([&] { return backup.step(1); }));
  tell("  its backup is destroyed", answer_of([&] { return backup.destroy(); }));
  text = statement.text(0);
  tell("the statement is destroyed while its text is viewed", answer_of([&] { return statement.destroy(); }));
  tell("  the text", text.text() == last ? "still there" : "GONE");
  std::printf("  functions released: %u\n", released);
  tell("the view is closed", answer_of([&] { return text.close(); }));
  std::printf("  functions released: %u\n", released);
}

// ---- the ledger ----

// Returns whether everything was given back.
bool print_ledger() {
  std::printf("\n");
  std::fflush(stdout);
  tally_ledger_write(STDOUT_FILENO, 0);

  tally_balance sum{};
  const auto add = [](const tally_balance* balance, void* user) {
    auto* total = static_cast<tally_balance*>(user);
    total->issued += balance->issued;
    total->retired += balance->retired;
    total->live += balance->live + balance->deferred;
    return 0;
  };
  tally_ledger_balances(nullptr, add, &sum);
  std::printf("\n%s: %" PRIu64 " issued, %" PRIu64 " retired, %" PRIu64 " live\n",
              sum.live == 0 ? "all balanced" : "NOT BALANCED", sum.issued, sum.retired, sum.live);
  return sum.live == 0;
}

// ---- the program ----

// Returns whether everything was given back.
bool run(const std::string& module_path, const std::string& folder) {
  sqlite::Module module = sqlite::Module::load(module_path);
  const std::vector<std::string> paths = collect_files(folder);
  const TemporaryFolder temporary;
  const std::string copy = temporary.file("copy.db");
  unsigned released = 0;  // functions that the module has let go of

  sqlite::Database database = sqlite::Database::create(module, temporary.file("files.db"));
  std::printf("%s: %zu files\n\n", folder.c_str(), paths.size());
  load(module, database, paths);
  add_functions(database, released);
  print_sizes(database);
  read_back(database, paths);
  back_up(module, database, copy);
  const Teller tell(temporary.file("files.db"));
  tell_errors(tell, database);
  tell_endings(tell, std::move(database), copy, paths.back(), released);
  const bool is_balanced = print_ledger();
  module.unload();
  return is_balanced;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool help = arguments == std::vector<std::string>{"--help"};
  if (help || arguments.size() > 2 || (!arguments.empty() && arguments[0].starts_with("-"))) {
    std::fprintf(
        help ? stdout : stderr,
        "usage: sqlite_host_cpp [MODULE] [FOLDER]\n"
        "Puts the files of FOLDER into a database with MODULE, asks it questions, and shows the ledger.\n"
        "MODULE is %s and FOLDER is %s if not given.\n",
        SQLITE_MODULE, SQLITE_FOLDER);
    return help ? 0 : 2;
  }
  try {
    const std::string module = arguments.empty() ? SQLITE_MODULE : arguments[0];
    return run(module, arguments.size() < 2 ? SQLITE_FOLDER : arguments[1]) ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sqlite_host_cpp: %s\n", error.what());
    return 1;
  }
}
