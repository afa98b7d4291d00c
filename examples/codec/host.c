/* Packs a file with every codec module that a folder holds, chunk by chunk, unpacks it again and compares;
   then shows the ledger: what was created, and whether all of it was given back. host.cpp is the same program
   in C++.

       codec_host_c [FOLDER] [FILE]

   A module that fails is named with what went wrong, and the next one has its turn. Exit code 0: every module
   gave the file back as it was; 1: something failed; 2: the command line is wrong. */
#define _XOPEN_SOURCE 700

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "codec.h"
#include "peak_memory.h"

enum { CHUNK_SIZE = 256 * 1024, LARGEST_RESULT = 1024 * 1024, MOST_MODULES = 64 };

/* A codec module, and what came of packing and unpacking the file with it. */
typedef struct codec_run {
  tally_module* module;
  const codec_api* api;
  uint64_t bytes_in;
  uint64_t bytes_out;
  double pack_seconds; /* spent in the codec; reading and writing files is not counted */
  double unpack_seconds;
  long peak_kib;
} codec_run;

/* What all runs use. */
typedef struct workplace {
  const char* path; /* the file to pack */
  FILE* input;
  FILE* packed; /* a temporary file that has no name any more */
  uint8_t chunk[CHUNK_SIZE];
  uint8_t expected[LARGEST_RESULT];
} workplace;

/* Says what failed, on standard error. Always 0, for callers to return. */
static int fail(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("codec_host_c: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  return 0;
}

/* The same for a call that Tallystick or the module has refused. */
static int fail_in(const codec_run* run, const char* doing, const workplace* work) {
  return fail("%s: %s %s: %s", tally_module_name(run->module), doing, work->path, tally_last_error()->text);
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- packing ---- */

/* Writes what the encoder returned to the packed file, and gives the blob back. */
static int store(codec_run* run, workplace* work, tally_blob* blob) {
  const size_t written = blob->size ? fwrite(blob->data, 1, blob->size, work->packed) : 0;
  const int whole = written == blob->size;
  if (!whole) fail("%s: writing the packed file: %s", tally_module_name(run->module), strerror(errno));
  run->bytes_out += written;
  tally_blob_free(blob);
  return whole;
}

/* One chunk from the file to the packed file. */
static int pack_chunk(codec_run* run, workplace* work, const codec_encoder* encoder, size_t size) {
  tally_blob result;
  const double start = seconds_now();
  const tally_status status = run->api->encoder_write(encoder, work->chunk, size, &result);
  run->pack_seconds += seconds_now() - start;
  run->bytes_in += size;
  if (status < 0) return fail_in(run, "packing", work);
  return store(run, work, &result);
}

static int pack_end(codec_run* run, workplace* work, codec_encoder** encoder) {
  tally_blob result;
  const double start = seconds_now();
  const tally_status status = run->api->encoder_finish(encoder, &result);
  run->pack_seconds += seconds_now() - start;
  if (status < 0) return fail_in(run, "packing the end of", work);
  return store(run, work, &result);
}

static int pack(codec_run* run, workplace* work) {
  codec_encoder* encoder = run->api->encoder_create(6, NULL);
  int fine = encoder != NULL || fail_in(run, "creating an encoder for", work);
  size_t size = 0;
  while (fine && (size = fread(work->chunk, 1, CHUNK_SIZE, work->input)) > 0) {
    fine = pack_chunk(run, work, encoder, size);
  }
  if (fine && ferror(work->input)) fine = fail("reading %s: %s", work->path, strerror(errno));
  fine = fine && pack_end(run, work, &encoder);
  run->api->encoder_destroy(encoder); /* null, and so nothing, if `finish` has taken it */
  return fine;
}

/* ---- unpacking ---- */

/* Compares what the decoder returned with the file, and gives the blob back. */
static int compare(codec_run* run, workplace* work, tally_blob* blob, uint64_t* position) {
  const size_t size = blob->size;
  const int same =
      size == 0 || (size <= LARGEST_RESULT && fread(work->expected, 1, size, work->input) == size &&
                    memcmp(work->expected, blob->data, size) == 0);
  tally_blob_free(blob);
  if (!same) {
    return fail("%s: unpacking %s: within %zu bytes from byte %llu on, the result differs from the file",
                tally_module_name(run->module), work->path, size, (unsigned long long)*position);
  }
  *position += size;
  return 1;
}

/* One chunk of the packed file, in as many results as it takes. */
static int unpack_chunk(codec_run* run, workplace* work, const codec_decoder* decoder, size_t size,
                        uint64_t* position) {
  tally_blob result;
  double start = seconds_now();
  tally_status status = run->api->decoder_write(decoder, work->chunk, size, &result);
  for (;;) {
    run->unpack_seconds += seconds_now() - start;
    if (status < 0) return fail_in(run, "unpacking", work);
    if (result.size == 0) return tally_blob_free(&result) >= 0; /* holds nothing, but is ours all the same */
    if (!compare(run, work, &result, position)) return 0;
    start = seconds_now();
    status = run->api->decoder_read(decoder, &result);
  }
}

static int unpack(codec_run* run, workplace* work) {
  codec_decoder* decoder = run->api->decoder_create(NULL);
  int fine = decoder != NULL || fail_in(run, "creating a decoder for", work);
  uint64_t position = 0;
  size_t size = 0;
  while (fine && (size = fread(work->chunk, 1, CHUNK_SIZE, work->packed)) > 0) {
    fine = unpack_chunk(run, work, decoder, size, &position);
  }
  if (fine && ferror(work->packed)) fine = fail("reading the packed file: %s", strerror(errno));
  if (fine && run->api->decoder_finish(&decoder) < 0) fine = fail_in(run, "unpacking the end of", work);
  if (fine && position != run->bytes_in) {
    fine = fail("%s: unpacking %s: %llu bytes came back of %llu", tally_module_name(run->module), work->path,
                (unsigned long long)position, (unsigned long long)run->bytes_in);
  }
  run->api->decoder_destroy(decoder);
  return fine;
}

/* ---- one module ---- */

static int run_codec(codec_run* run, workplace* work) {
  int fine;
  rewind(work->input);
  rewind(work->packed);
  if (ftruncate(fileno(work->packed), 0) != 0) return fail("emptying the packed file: %s", strerror(errno));
  peak_memory_reset();
  fine = pack(run, work);
  if (fine && fflush(work->packed) != 0) fine = fail("writing the packed file: %s", strerror(errno));
  rewind(work->input);
  rewind(work->packed);
  fine = fine && unpack(run, work);
  run->peak_kib = peak_memory_kib();
  return fine;
}

static double per(double amount, double unit) {
  return unit > 0 ? amount / unit : 0;
}

static void print_run(const codec_run* run) {
  const double megabytes = (double)run->bytes_in / 1e6;
  printf("%-12s %13llu %13llu %6.2f %10.1f %12.1f %12.1f\n", tally_module_name(run->module),
         (unsigned long long)run->bytes_in, (unsigned long long)run->bytes_out,
         per((double)run->bytes_in, (double)run->bytes_out), per(megabytes, run->pack_seconds),
         per(megabytes, run->unpack_seconds), (double)run->peak_kib * 1024 / 1e6);
  fflush(stdout);
}

/* ---- the folder ---- */

static int is_library(const struct dirent* entry) {
  const char* dot = strrchr(entry->d_name, '.');
  return dot != NULL && strcmp(dot, ".so") == 0;
}

/* Loads one file; what is no codec module is named with the reason and passed over. Returns how many modules
 * that makes. */
static size_t load_module(const char* folder, const char* file, codec_run* run) {
  char path[4096];
  tally_error error;
  if (snprintf(path, sizeof path, "%s/%s", folder, file) >= (int)sizeof path) {
    fprintf(stderr, "skipped %s/%s: its path is too long\n", folder, file);
    return 0;
  }
  memset(run, 0, sizeof *run);
  run->module = tally_module_load(path, &error);
  if (run->module) run->api = codec_api_of(run->module, &error);
  if (run->api) return 1;
  fprintf(stderr, "skipped %s\n", error.text);
  tally_module_unload(run->module);
  return 0;
}

/* Loads every module of the folder, by name. Returns how many there are. */
static size_t load_modules(const char* folder, codec_run* runs) {
  struct dirent** files = NULL;
  size_t count = 0;
  int i;
  const int found = scandir(folder, &files, is_library, alphasort);
  if (found < 0) fail("reading the folder %s: %s", folder, strerror(errno));
  for (i = 0; i < found; i++) {
    if (count < MOST_MODULES) {
      count += load_module(folder, files[i]->d_name, &runs[count]);
    } else {
      fprintf(stderr, "skipped %s/%s: %d modules are enough\n", folder, files[i]->d_name, MOST_MODULES);
    }
    free(files[i]);
  }
  free(files);
  if (found >= 0 && count == 0) fail("no codec module in %s", folder);
  return count;
}

static int unload_modules(codec_run* runs, size_t count) {
  int fine = 1;
  while (count-- > 0) {
    if (tally_module_unload(runs[count].module) < 0) fine = fail("unloading: %s", tally_last_error()->text);
  }
  return fine;
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
  printf("\n%s: %llu issued, %llu retired, %llu live\n", sum.live == 0 ? "all balanced" : "NOT BALANCED",
         (unsigned long long)sum.issued, (unsigned long long)sum.retired, (unsigned long long)sum.live);
  return sum.live == 0;
}

/* ---- the program ---- */

/* Opens a temporary file that is gone when the program is, however that ends. */
static FILE* open_packed(void) {
  char path[4096];
  const char* folder = getenv("TMPDIR");
  int descriptor;
  FILE* file;
  snprintf(path, sizeof path, "%s/codec_host.XXXXXX", folder && *folder ? folder : "/tmp");
  descriptor = mkstemp(path);
  if (descriptor < 0) {
    fail("making a temporary file %s: %s", path, strerror(errno));
    return NULL;
  }
  unlink(path);
  file = fdopen(descriptor, "w+b");
  if (!file) {
    fail("opening the temporary file %s: %s", path, strerror(errno));
    close(descriptor);
  }
  return file;
}

static int open_files(workplace* work) {
  struct stat about;
  work->input = fopen(work->path, "rb");
  if (!work->input || fstat(fileno(work->input), &about) != 0)
    return fail("opening %s: %s", work->path, strerror(errno));
  if (!S_ISREG(about.st_mode)) return fail("%s is not a regular file, which can be read twice", work->path);
  work->packed = open_packed();
  return work->packed != NULL;
}

static int run_all(const char* folder, workplace* work) {
  static codec_run runs[MOST_MODULES];
  size_t i;
  const size_t count = load_modules(folder, runs);
  int fine = count > 0;
  if (count == 0) return 0;
  printf("%s, in chunks of %d KiB\n\n", work->path, CHUNK_SIZE / 1024);
  printf("%-12s %13s %13s %6s %10s %12s %12s\n", "module", "bytes in", "bytes out", "ratio", "pack MB/s",
         "unpack MB/s", "peak MB");
  for (i = 0; i < count; i++) {
    if (run_codec(&runs[i], work)) {
      print_run(&runs[i]);
    } else {
      fine = 0;
    }
  }
  fine = print_ledger() && fine;
  return unload_modules(runs, count) && fine;
}

int main(int argc, char** argv) {
  static workplace work;
  const int help = argc == 2 && strcmp(argv[1], "--help") == 0;
  int fine;
  if (help || argc > 3 || (argc > 1 && argv[1][0] == '-')) {
    fprintf(
        help ? stdout : stderr,
        "usage: codec_host_c [FOLDER] [FILE]\n"
        "Packs FILE with every codec module (*.so) in FOLDER, unpacks it, compares, and shows the ledger.\n"
        "FOLDER is %s and FILE is %s if not given.\n",
        CODEC_MODULES, CODEC_INPUT);
    return help ? 0 : 2;
  }
  work.path = argc > 2 ? argv[2] : CODEC_INPUT;
  fine = open_files(&work) && run_all(argc > 1 ? argv[1] : CODEC_MODULES, &work);
  if (work.input) fclose(work.input);
  if (work.packed) fclose(work.packed);
  return fine ? 0 : 1;
}
