// A blob goes back to the module that made it: its token's table id says which.
#include "tally/blob.h"

#include <cstdint>

#include "failure.hpp"

using tally::host::core;
using tally::host::fail;

namespace {

tally_status refuse(const tally_core& services, std::uint64_t word) {
  const tally_table& table = services.directory[TALLY_WORD_TABLE(word)];
  tally_word_state state{};
  if (table.provider) table.provider->inspect(table.provider, table.class_index, word, &state);
  if (!table.provider || state.status == TALLY_NEVER_ISSUED) {
    const bool was_issued = !table.provider && TALLY_WORD_GENERATION(word) < table.floor;
    if (was_issued) {
      return fail(nullptr, TALLY_ALREADY_DESTROYED,
                  "tally_blob_free: already destroyed: the module of this blob has been unloaded, with all "
                  "that it had");
    }
    return fail(nullptr, TALLY_NEVER_ISSUED,
                "tally_blob_free: never issued: no module of this process returned 0x%llx as a blob's owner; "
                "free what a call "
                "wrote, as it wrote it",
                static_cast<unsigned long long>(word));
  }
  char site[300];
  services.site_text(state.created, site, sizeof site);
  return fail(nullptr, TALLY_WRONG_PAIR,
              "tally_blob_free: wrong pair: the word is not a blob's but that of a %s of module %s, created "
              "at %s; give it back "
              "with that class's destroy function",
              table.provider->class_name(table.provider, table.class_index), table.provider->name, site);
}

}  // namespace

extern "C" tally_status tally_blob_free(tally_blob* blob) {
  if (!blob || !blob->owner) {
    if (blob) *blob = tally_blob{};
    return TALLY_OK;
  }
  const tally_core* const services = core();
  if (!services) return TALLY_VERSION_MISMATCH;
  const std::uint64_t word = reinterpret_cast<std::uint64_t>(blob->owner);
  const tally_table& table = services->directory[TALLY_WORD_TABLE(word)];
  tally_provider* const provider = __atomic_load_n(&table.provider, __ATOMIC_ACQUIRE);
  if (!provider || table.kind != TALLY_TABLE_BLOBS) return refuse(*services, word);
  const tally_status status = provider->blob_free(provider, word, __builtin_return_address(0));
  if (status >= 0 || status == TALLY_EXCEPTION) *blob = tally_blob{};
  return status;
}
