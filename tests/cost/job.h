/* What the direct and the checked program do alike, so that the difference in their instructions is what
   Tallystick costs: they read the same chunks and write each result as it comes. */
#ifndef TALLY_TESTS_COST_JOB_H
#define TALLY_TESTS_COST_JOB_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_SIZE = 256 * 1024 };

typedef struct job {
  FILE* input;
  FILE* output;
  uint8_t chunk[CHUNK_SIZE];
} job;

/* The functions named cost_pack_... are what is counted: they stay functions, and keep their names. */
#define COUNTED __attribute__((noinline))

static inline void give_up(const char* what) {
  fprintf(stderr, "%s failed\n", what);
  exit(1);
}

/* The size of the next chunk; 0 at the end. */
static inline size_t next_chunk(job* work) {
  const size_t size = fread(work->chunk, 1, CHUNK_SIZE, work->input);
  if (ferror(work->input)) give_up("reading");
  return size;
}

static inline void store(job* work, const uint8_t* data, size_t size) {
  if (fwrite(data, 1, size, work->output) != size) give_up("writing");
}

static inline job* open_job(const char* input, const char* output) {
  static job work;
  work.input = fopen(input, "rb");
  work.output = fopen(output, "wb");
  if (!work.input) give_up("opening the input");
  if (!work.output) give_up("opening the output");
  return &work;
}

static inline void close_job(job* work) {
  fclose(work->input);
  if (fclose(work->output) != 0) give_up("closing the output");
}

#endif
