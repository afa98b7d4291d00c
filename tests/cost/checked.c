/* Packs a file as cost_direct does, but through a module of examples/codec: every call checked, every result
   a blob with a token.

       cost_checked MODULE INPUT OUTPUT */
#include "codec.h"
#include "job.h"

static void check(tally_status status) {
  if (status < 0) give_up(tally_last_error()->text);
}

static void store_blob(job* work, tally_blob* blob) {
  store(work, blob->data, blob->size);
  check(tally_blob_free(blob));
}

COUNTED void cost_pack_checked(job* work, const codec_api* api) {
  codec_encoder* encoder = api->encoder_create(6, NULL);
  tally_blob blob;
  size_t size;
  if (!encoder) give_up("encoder_create");
  while ((size = next_chunk(work)) > 0) {
    check(api->encoder_write(encoder, work->chunk, size, &blob));
    store_blob(work, &blob);
  }
  check(api->encoder_finish(&encoder, &blob));
  store_blob(work, &blob);
}

int main(int argc, char** argv) {
  tally_module* module;
  const codec_api* api;
  job* work;
  if (argc != 4) give_up("usage: cost_checked MODULE INPUT OUTPUT:");
  module = tally_module_load(argv[1], NULL);
  api = module ? codec_api_of(module, NULL) : NULL;
  if (!api) give_up(tally_last_error()->text);
  work = open_job(argv[2], argv[3]);
  cost_pack_checked(work, api);
  close_job(work);
  check(tally_module_unload(module));
  return 0;
}
