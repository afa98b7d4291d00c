/* Packs a file by calling zlib, zstd or lz4 directly, the way a careful program would, and the way the
   modules of examples/codec do: one allocated result per chunk, stored and given back. Its instructions are
   what cost_checked is held against.

       cost_direct zlib|zstd|lz4 INPUT OUTPUT */
#include <lz4frame.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "job.h"

/* A result that a library writes into. */
typedef struct result {
  uint8_t* data;
  size_t used;
  size_t capacity;
} result;

static void result_open(result* r, size_t capacity) {
  r->data = malloc(capacity);
  r->used = 0;
  r->capacity = capacity;
  if (!r->data) give_up("allocating");
}

static void result_make_room(result* r) {
  uint8_t* larger;
  if (r->used < r->capacity) return;
  larger = realloc(r->data, 2 * r->capacity);
  if (!larger) give_up("allocating");
  r->data = larger;
  r->capacity *= 2;
}

static void result_store(job* work, result* r) {
  store(work, r->data, r->used);
  free(r->data);
}

/* ---- zlib ---- */

static void zlib_pack(z_stream* stream, job* work, size_t size, int flush) {
  result r;
  result_open(&r, deflateBound(stream, size) + 64 * 1024);
  stream->next_in = work->chunk;
  stream->avail_in = (uInt)size;
  do {
    result_make_room(&r);
    stream->next_out = r.data + r.used;
    stream->avail_out = (uInt)(r.capacity - r.used);
    deflate(stream, flush);
    r.used = r.capacity - stream->avail_out;
  } while (stream->avail_in > 0 || stream->avail_out == 0);
  result_store(work, &r);
}

COUNTED void cost_pack_zlib(job* work) {
  z_stream stream;
  size_t size;
  memset(&stream, 0, sizeof stream);
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) give_up("deflateInit2");
  while ((size = next_chunk(work)) > 0) zlib_pack(&stream, work, size, Z_NO_FLUSH);
  zlib_pack(&stream, work, 0, Z_FINISH);
  deflateEnd(&stream);
}

/* ---- zstd ---- */

static void zstd_pack(ZSTD_CStream* stream, job* work, size_t size, ZSTD_EndDirective directive) {
  result r;
  ZSTD_inBuffer input = {work->chunk, size, 0};
  int done = 0;
  result_open(&r, ZSTD_compressBound(size) + ZSTD_CStreamOutSize());
  while (!done) {
    ZSTD_outBuffer output;
    size_t left;
    result_make_room(&r);
    output.dst = r.data + r.used;
    output.size = r.capacity - r.used;
    output.pos = 0;
    left = ZSTD_compressStream2(stream, &output, &input, directive);
    if (ZSTD_isError(left)) give_up("ZSTD_compressStream2");
    r.used += output.pos;
    done = directive == ZSTD_e_end ? left == 0 : input.pos == input.size;
  }
  result_store(work, &r);
}

COUNTED void cost_pack_zstd(job* work) {
  ZSTD_CStream* stream = ZSTD_createCStream();
  size_t size;
  if (!stream) give_up("ZSTD_createCStream");
  ZSTD_CCtx_setParameter(stream, ZSTD_c_compressionLevel, 3);
  ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, 1);
  while ((size = next_chunk(work)) > 0) zstd_pack(stream, work, size, ZSTD_e_continue);
  zstd_pack(stream, work, 0, ZSTD_e_end);
  ZSTD_freeCStream(stream);
}

/* ---- lz4 ---- */

static size_t lz4_checked(size_t size) {
  if (LZ4F_isError(size)) give_up("lz4");
  return size;
}

static void lz4_pack(LZ4F_cctx* stream, const LZ4F_preferences_t* preferences, int first, job* work,
                     size_t size) {
  result r;
  result_open(&r, LZ4F_HEADER_SIZE_MAX + LZ4F_compressBound(size, preferences));
  if (first) r.used = lz4_checked(LZ4F_compressBegin(stream, r.data, r.capacity, preferences));
  r.used += size > 0 ? lz4_checked(LZ4F_compressUpdate(stream, r.data + r.used, r.capacity - r.used,
                                                       work->chunk, size, NULL))
                     : lz4_checked(LZ4F_compressEnd(stream, r.data + r.used, r.capacity - r.used, NULL));
  result_store(work, &r);
}

COUNTED void cost_pack_lz4(job* work) {
  LZ4F_cctx* stream;
  LZ4F_preferences_t preferences;
  size_t size;
  int first = 1;
  memset(&preferences, 0, sizeof preferences);
  preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  lz4_checked(LZ4F_createCompressionContext(&stream, LZ4F_VERSION));
  for (; (size = next_chunk(work)) > 0; first = 0) lz4_pack(stream, &preferences, first, work, size);
  lz4_pack(stream, &preferences, first, work, 0);
  LZ4F_freeCompressionContext(stream);
}

int main(int argc, char** argv) {
  job* work;
  if (argc != 4) give_up("usage: cost_direct zlib|zstd|lz4 INPUT OUTPUT:");
  work = open_job(argv[2], argv[3]);
  if (strcmp(argv[1], "zlib") == 0) {
    cost_pack_zlib(work);
  } else if (strcmp(argv[1], "zstd") == 0) {
    cost_pack_zstd(work);
  } else if (strcmp(argv[1], "lz4") == 0) {
    cost_pack_lz4(work);
  } else {
    give_up("finding a library of that name");
  }
  close_job(work);
  return 0;
}
