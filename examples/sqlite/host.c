/* Puts every file below a folder into a database, path, size and first bytes, and asks it questions in which
   SQL calls functions of this program; reads all of it back through views; backs it up; and then lets objects
   go in every order that goes wrong elsewhere. Ends with the ledger. host.cpp is the same program in C++,
   host.py in Python.

       sqlite_host_c [MODULE] [FOLDER]

   Exit code 0: all went as it should, and everything was given back; 1: something failed, and is named; 2:
   the command line is wrong. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "open_files.h"
#include "sqlite.h"

enum { HEAD_SIZE = 64, PAGES_BETWEEN_REPORTS = 64 };

/* The text and its length, as functions take it. */
#define TEXT(text) (text), strlen(text)

/* What the steps of the program share. */
typedef struct place {
  const sqlite_api* api;
  const char* folder;
  char** paths; /* of the files below the folder, sorted */
  size_t count;
  char temporary[4096]; /* a folder of ours */
  char path[4200];      /* of the database, there */
  char copy[4200];      /* of its backup */
  sqlite_database* database;
  unsigned released; /* callbacks that the module has let go of */
} place;

/* Says what failed, on standard error. Always 0, for callers to return. */
static int fail(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("sqlite_host_c: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  return 0;
}

/* The same for a call that has failed; 1 if it has not. */
static int went_well(tally_status status, const char* doing) {
  return status >= 0 || fail("%s: %s", doing, tally_last_error()->text);
}

/* ---- the files ---- */

static place* collecting; /* nftw has no user data */

static int collect_one(const char* path, const struct stat* about, int type, struct FTW* where) {
  char** grown;
  (void)where;
  if (type == FTW_DNR) return !fail("reading the folder %s: %s", path, strerror(EACCES));
  if (type != FTW_F || !S_ISREG(about->st_mode)) return 0;
  grown = realloc(collecting->paths, (collecting->count + 1) * sizeof *grown);
  if (!grown) return !fail("collecting files: %s", strerror(ENOMEM));
  collecting->paths = grown;
  grown[collecting->count] = strdup(path);
  if (!grown[collecting->count]) return !fail("collecting files: %s", strerror(ENOMEM));
  collecting->count++;
  return 0;
}

static int by_bytes(const void* a, const void* b) {
  return strcmp(*(char* const*)a, *(char* const*)b);
}

static int collect_files(place* here) {
  struct stat about;
  if (stat(here->folder, &about) != 0)
    return fail("reading the folder %s: %s", here->folder, strerror(errno));
  if (!S_ISDIR(about.st_mode)) return fail("%s is not a folder", here->folder);
  collecting = here;
  if (nftw(here->folder, collect_one, 32, FTW_PHYS) != 0) return 0;
  if (here->count == 0) return fail("no files in %s", here->folder);
  qsort(here->paths, here->count, sizeof *here->paths, by_bytes);
  return 1;
}

/* The file's size and its first bytes, into `head`. */
static int read_head(const char* path, uint8_t* head, size_t* head_size, int64_t* size) {
  struct stat about;
  FILE* file = fopen(path, "rb");
  int fine = file != NULL && fstat(fileno(file), &about) == 0;
  if (fine) {
    *size = (int64_t)about.st_size;
    *head_size = fread(head, 1, HEAD_SIZE, file);
    fine = !ferror(file);
  }
  if (!fine) fail("reading %s: %s", path, strerror(errno));
  if (file) fclose(file);
  return fine;
}

/* ---- into the database ---- */

/* One file: its first bytes are read into memory of the module's, which is then given, not copied. */
static int load_file(const place* here, const sqlite_statement* insert, const char* path) {
  const sqlite_api* api = here->api;
  tally_blob head = {NULL, 0, NULL};
  size_t head_size = 0;
  int64_t size = 0;
  tally_bool more;
  const int fine = went_well(api->allocate(HEAD_SIZE, 0, 0, &head), "allocating") &&
                   read_head(path, head.data, &head_size, &size) &&
                   went_well(tally_blob_resize(&head, head_size), "resizing") &&
                   went_well(api->statement_bind_text(insert, 1, TEXT(path)), path) &&
                   went_well(api->statement_bind_integer(insert, 2, size), path) &&
                   went_well(api->statement_bind_blob(insert, 3, &head), path) &&
                   went_well(api->statement_step(insert, &more), path);
  tally_blob_free(&head); /* zeroed, and so nothing, if it was given */
  return fine;
}

static int execute(const place* here, const char* sql) {
  uint64_t changed;
  return went_well(here->api->database_execute(here->database, TEXT(sql), &changed), sql);
}

static int prepare(const place* here, const char* sql, sqlite_statement** statement) {
  return went_well(here->api->database_prepare(here->database, TEXT(sql), statement), sql);
}

static int load(place* here) {
  sqlite_statement* insert = NULL;
  size_t i;
  int fine = execute(here,
                     "CREATE TABLE files(path TEXT PRIMARY KEY, size INTEGER NOT NULL, head BLOB NOT NULL);"
                     "BEGIN") &&
             prepare(here, "INSERT INTO files VALUES(?1, ?2, ?3)", &insert);
  for (i = 0; fine && i < here->count; i++) fine = load_file(here, insert, here->paths[i]);
  fine = fine && execute(here, "COMMIT");
  here->api->statement_destroy(insert);
  return fine;
}

/* ---- functions for SQL ---- */

static void TALLY_CALL count_release(void* user) {
  ++*(unsigned*)user;
}

/* How many slashes a path has. */
static tally_status TALLY_CALL depth(void* user, const char* text, size_t size, int64_t* out) {
  size_t i;
  (void)user;
  *out = 0;
  for (i = 0; i < size; i++) *out += text[i] == '/';
  return TALLY_OK;
}

/* How many digits a number has. */
static tally_status TALLY_CALL digits(void* user, double number, double* out) {
  (void)user;
  *out = 1;
  while (number >= 10) {
    number /= 10;
    ++*out;
  }
  return TALLY_OK;
}

static tally_status TALLY_CALL refuse(void* user, const char* text, size_t size, int64_t* out) {
  (void)user, (void)text, (void)size, (void)out;
  return tally_fail(TALLY_EXCEPTION, "the host would rather not");
}

static int add_functions(place* here) {
  const sqlite_of_text of_text = {depth, &here->released, count_release};
  const sqlite_of_text refusing = {refuse, &here->released, count_release};
  const sqlite_of_number of_number = {digits, &here->released, count_release};
  return went_well(here->api->database_add_text_function(here->database, TEXT("depth"), &of_text), "depth") &&
         went_well(here->api->database_add_text_function(here->database, TEXT("refuse"), &refusing),
                   "refuse") &&
         went_well(here->api->database_add_number_function(here->database, TEXT("digits"), &of_number),
                   "digits");
}

/* ---- questions ---- */

/* Prints the row that the statement stands on. */
static int print_row(const place* here, const sqlite_statement* statement) {
  int64_t cells[4];
  int32_t column;
  for (column = 0; column < 4; column++) {
    if (!went_well(here->api->statement_integer(statement, column, &cells[column]), "reading a row"))
      return 0;
  }
  printf("%6" PRId64 " %10" PRId64 " %14" PRId64 " %8" PRId64 "\n", cells[0], cells[1], cells[2], cells[3]);
  return 1;
}

static int print_sizes(const place* here) {
  sqlite_statement* statement = NULL;
  tally_bool more = 0;
  int fine = prepare(here,
                     "SELECT digits(size), count(*), sum(size), max(depth(path)) FROM files"
                     " GROUP BY 1 ORDER BY 1",
                     &statement);
  printf("%6s %10s %14s %8s\n", "digits", "files", "bytes", "deepest");
  while (fine) {
    fine = went_well(here->api->statement_step(statement, &more), "counting");
    if (!fine || !more) break;
    fine = print_row(here, statement);
  }
  here->api->statement_destroy(statement);
  return fine;
}

/* Whether the row is that of the file, read where SQLite has it. */
static int check_row(const place* here, const sqlite_statement* statement, const char* path,
                     uint64_t* bytes) {
  tally_view stored_path = {NULL, 0, NULL};
  tally_view stored = {NULL, 0, NULL};
  uint8_t head[HEAD_SIZE];
  size_t head_size = 0;
  int64_t size = 0;
  int fine = went_well(here->api->statement_text(statement, 0, &stored_path), path) &&
             went_well(here->api->statement_blob(statement, 1, &stored), path) &&
             read_head(path, head, &head_size, &size);
  if (fine && (stored_path.size != strlen(path) || memcmp(stored_path.data, path, stored_path.size) != 0 ||
               stored.size != head_size || (head_size > 0 && memcmp(stored.data, head, head_size) != 0))) {
    fine = fail("%s: what is stored differs from the file", path);
  }
  *bytes += stored_path.size + stored.size;
  tally_view_close(&stored_path);
  tally_view_close(&stored);
  return fine;
}

static int read_back(const place* here) {
  sqlite_statement* statement = NULL;
  tally_bool more = 0;
  uint64_t bytes = 0;
  size_t i;
  int fine = prepare(here, "SELECT path, head FROM files ORDER BY path", &statement);
  for (i = 0; fine && i < here->count; i++) {
    fine = went_well(here->api->statement_step(statement, &more), "reading back") &&
           (more || fail("reading back: %zu rows of %zu", i, here->count)) &&
           check_row(here, statement, here->paths[i], &bytes);
  }
  here->api->statement_destroy(statement);
  if (fine)
    printf("\nread back through views: %zu files, %" PRIu64 " bytes, all as stored\n", here->count, bytes);
  return fine;
}

/* ---- backup ---- */

static tally_status TALLY_CALL count_report(void* user, uint32_t done, uint32_t total, tally_bool* out) {
  (void)user;
  *out = done <= total;
  return TALLY_OK;
}

static int count_copied(place* here, int64_t* count) {
  sqlite_database* copy = here->api->database_create(TEXT(here->copy), NULL);
  sqlite_statement* statement = NULL;
  const char* sql = "SELECT count(*) FROM files";
  tally_bool more;
  const int fine = (copy || went_well(tally_last_error()->status, "opening the copy")) &&
                   went_well(here->api->database_prepare(copy, TEXT(sql), &statement), sql) &&
                   went_well(here->api->statement_step(statement, &more), sql) &&
                   went_well(here->api->statement_integer(statement, 0, count), sql);
  here->api->statement_destroy(statement);
  here->api->database_destroy(copy);
  return fine;
}

static int back_up(place* here) {
  unsigned released = 0;
  const sqlite_progress report = {count_report, &released, count_release};
  sqlite_backup* backup = NULL;
  tally_bool complete = 0;
  int64_t count = 0;
  int fine = went_well(here->api->database_back_up(here->database, TEXT(here->copy), &backup), here->copy) &&
             went_well(here->api->backup_run(backup, PAGES_BETWEEN_REPORTS, &report, &complete), here->copy);
  here->api->backup_destroy(backup);
  fine = fine && count_copied(here, &count);
  if (!fine) return 0;
  printf("backed up: %s, %" PRId64 " files; its report was released %u time\n",
         complete ? "complete" : "incomplete", count, released);
  return 1;
}

/* ---- what goes wrong elsewhere ---- */

static const char* answer_of(tally_status status) {
  switch (status) {
    case SQLITE_ERROR_BAD_SQL:
      return "bad_sql";
    case SQLITE_ERROR_CONSTRAINT:
      return "constraint";
    default:
      return tally_status_text(status);
  }
}

static void tell(const place* here, const char* what, const char* answer) {
  printf("%-58s %-18s %s\n", what, answer, is_open(here->path) ? "open" : "closed");
}

static void tell_errors(const place* here) {
  const sqlite_api* api = here->api;
  sqlite_statement* statement = NULL;
  tally_bool more;
  uint64_t changed;
  tell(here, "SQL that is none is prepared",
       answer_of(api->database_prepare(here->database, TEXT("SELEKT 1"), &statement)));
  tell(here, "a path is stored that is there",
       answer_of(
           api->database_execute(here->database, TEXT("INSERT INTO files SELECT * FROM files"), &changed)));
  if (!prepare(here, "SELECT refuse(path) FROM files", &statement)) return;
  if (api->statement_step(statement, &more) < 0 &&
      strstr(tally_last_error()->text, "the host would rather not"))
    tell(here, "a function of the host's fails, called by a step", "the host's error");
  api->statement_destroy(statement);
}

/* The database goes first, then the statement, then the view of its text; each waits for the next. */
static int tell_endings(place* here) {
  const sqlite_api* api = here->api;
  sqlite_statement* statement = NULL;
  sqlite_backup* backup = NULL;
  tally_view text = {NULL, 0, NULL};
  tally_bool more = 0;
  if (!prepare(here, "SELECT min(path) FROM files UNION ALL SELECT max(path) FROM files", &statement) ||
      !went_well(api->database_back_up(here->database, TEXT(here->copy), &backup), here->copy) ||
      !went_well(api->backup_step(backup, 1, &more), "backing up") ||
      !went_well(api->statement_step(statement, &more), "reading") ||
      !went_well(api->statement_text(statement, 0, &text), "reading"))
    return 0;
  tell(here, "a statement steps while its text is viewed", answer_of(api->statement_step(statement, &more)));
  tally_view_close(&text);
  tell(here, "the database is destroyed, if that can be at once",
       answer_of(api->database_try_destroy(&here->database)));
  tell(here, "the database is destroyed", answer_of(api->database_destroy(here->database)));
  here->database = NULL;
  tell(here, "  its statement steps", answer_of(api->statement_step(statement, &more)));
  tell(here, "  its backup, half done, goes on", answer_of(api->backup_step(backup, 1, &more)));
  tell(here, "  its backup is destroyed", answer_of(api->backup_destroy(backup)));
  if (!went_well(api->statement_text(statement, 0, &text), "reading")) return 0;
  tell(here, "the statement is destroyed while its text is viewed",
       answer_of(api->statement_destroy(statement)));
  tell(here, "  the text",
       memcmp(text.data, here->paths[here->count - 1], text.size) == 0 ? "still there" : "GONE");
  printf("  functions released: %u\n", here->released);
  tell(here, "the view is closed", answer_of(tally_view_close(&text)));
  printf("  functions released: %u\n", here->released);
  return 1;
}

static int tell_all(place* here) {
  printf("\n%-58s %-18s %s\n", "what is done", "what is answered", "the file is then");
  tell_errors(here);
  return tell_endings(here);
}

/* ---- the ledger ---- */

static int TALLY_CALL add_balance(const tally_balance* balance, void* user) {
  tally_balance* sum = user;
  sum->issued += balance->issued;
  sum->retired += balance->retired;
  sum->live += balance->live + balance->deferred;
  return 0;
}

static int print_ledger(void) {
  tally_balance sum = {NULL, NULL, 0, 0, 0, 0, 0};
  printf("\n");
  fflush(stdout);
  tally_ledger_write(STDOUT_FILENO, 0);
  tally_ledger_balances(NULL, add_balance, &sum);
  printf("\n%s: %" PRIu64 " issued, %" PRIu64 " retired, %" PRIu64 " live\n",
         sum.live == 0 ? "all balanced" : "NOT BALANCED", sum.issued, sum.retired, sum.live);
  return sum.live == 0;
}

/* ---- the program ---- */

static int make_temporary(place* here) {
  const char* folder = getenv("TMPDIR");
  snprintf(here->temporary, sizeof here->temporary, "%s/sqlite_host.XXXXXX",
           folder && *folder ? folder : "/tmp");
  if (!mkdtemp(here->temporary)) {
    fail("making a temporary folder %s: %s", here->temporary, strerror(errno));
    here->temporary[0] = 0;
    return 0;
  }
  snprintf(here->path, sizeof here->path, "%s/files.db", here->temporary);
  snprintf(here->copy, sizeof here->copy, "%s/copy.db", here->temporary);
  return 1;
}

static void clean_up(place* here) {
  while (here->count > 0) free(here->paths[--here->count]);
  free(here->paths);
  if (!here->temporary[0]) return;
  unlink(here->path);
  unlink(here->copy);
  rmdir(here->temporary);
}

static int run(place* here) {
  int fine = collect_files(here) && make_temporary(here);
  if (!fine) return 0;
  here->database = here->api->database_create(TEXT(here->path), NULL);
  if (!here->database) return went_well(tally_last_error()->status, "opening the database");
  printf("%s: %zu files\n\n", here->folder, here->count);
  fine = load(here) && add_functions(here) && print_sizes(here) && read_back(here) && back_up(here) &&
         tell_all(here);
  here->api->database_destroy(here->database); /* null, and so nothing, if it has gone */
  return print_ledger() && fine;
}

static int run_with(const char* path, place* here) {
  tally_error error;
  tally_module* module = tally_module_load(path, &error);
  int fine;
  if (!module) return fail("%s", error.text);
  here->api = sqlite_api_of(module, &error);
  fine = here->api ? run(here) : fail("%s", error.text);
  clean_up(here);
  if (tally_module_unload(module) < 0) fine = fail("unloading: %s", tally_last_error()->text);
  return fine;
}

int main(int argc, char** argv) {
  static place here;
  const int help = argc == 2 && strcmp(argv[1], "--help") == 0;
  if (help || argc > 3 || (argc > 1 && argv[1][0] == '-')) {
    fprintf(help ? stdout : stderr,
            "usage: sqlite_host_c [MODULE] [FOLDER]\n"
            "Puts the files of FOLDER into a database with MODULE, asks it questions, and shows the ledger.\n"
            "MODULE is %s and FOLDER is %s if not given.\n",
            SQLITE_MODULE, SQLITE_FOLDER);
    return help ? 0 : 2;
  }
  here.folder = argc > 2 ? argv[2] : SQLITE_FOLDER;
  return run_with(argc > 1 ? argv[1] : SQLITE_MODULE, &here) ? 0 : 1;
}
