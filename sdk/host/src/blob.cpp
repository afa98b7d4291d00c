// Blobs and views go back to the module that made them: their tokens' table ids say which.
#include "tally/blob.h"

#include <cstdint>

#include "failure.hpp"
#include "tally/view.h"

using tally::host::core;
using tally::host::fail;

namespace {

// What the caller did: the function's name, the kind of token that it takes, and what that is called.
struct Wanted {
  const char* function;
  std::uint32_t kind;
  const char* what;
};

constexpr Wanted kFree{"tally_blob_free", TALLY_TABLE_BLOBS, "blob"};
constexpr Wanted kResize{"tally_blob_resize", TALLY_TABLE_BLOBS, "blob"};
constexpr Wanted kClose{"tally_view_close", TALLY_TABLE_VIEWS, "view"};

const char* pair_of(std::uint32_t kind) {
  switch (kind) {
    case TALLY_TABLE_BLOBS:
      return "free it with tally_blob_free";
    case TALLY_TABLE_VIEWS:
      return "close it with tally_view_close";
    default:
      return "give it back with that class's destroy function";
  }
}

tally_status refuse(const tally_core& services, const Wanted& wanted, std::uint64_t word) {
  const tally_table& table = services.directory[TALLY_WORD_TABLE(word)];
  tally_word_state state{};
  if (table.provider) table.provider->inspect(table.provider, table.class_index, word, &state);
  if (!table.provider || state.status == TALLY_NEVER_ISSUED) {
    const bool was_issued = !table.provider && TALLY_WORD_GENERATION(word) < table.floor;
    if (was_issued) {
      return fail(nullptr, TALLY_ALREADY_DESTROYED,
                  "%s: already destroyed: the module of this %s has been unloaded, with all that it had",
                  wanted.function, wanted.what);
    }
    return fail(
        nullptr, TALLY_NEVER_ISSUED,
        "%s: never issued: no module of this process returned 0x%llx as a %s's owner; pass what a call "
        "wrote, as it wrote it",
        wanted.function, static_cast<unsigned long long>(word), wanted.what);
  }
  char site[300];
  services.site_text(state.created, site, sizeof site);
  return fail(nullptr, TALLY_WRONG_PAIR,
              "%s: wrong pair: the word is not a %s's but that of a %s of module %s, created at %s; %s",
              wanted.function, wanted.what, table.provider->class_name(table.provider, table.class_index),
              table.provider->name, site, pair_of(table.kind));
}

// The provider that the token says; null, and *status with an error, if it is of another kind.
tally_provider* provider_of(const Wanted& wanted, const void* owner, tally_status* status) {
  const tally_core* const services = core();
  *status = TALLY_VERSION_MISMATCH;
  if (!services) return nullptr;
  const std::uint64_t word = reinterpret_cast<std::uint64_t>(owner);
  const tally_table& table = services->directory[TALLY_WORD_TABLE(word)];
  tally_provider* const provider = __atomic_load_n(&table.provider, __ATOMIC_ACQUIRE);
  if (provider && table.kind == wanted.kind) return provider;
  *status = refuse(*services, wanted, word);
  return nullptr;
}

}  // namespace

extern "C" tally_status tally_blob_free(tally_blob* blob) {
  if (!blob || !blob->owner) {
    if (blob) *blob = tally_blob{};
    return TALLY_OK;
  }
  tally_status status = TALLY_OK;
  tally_provider* const provider = provider_of(kFree, blob->owner, &status);
  if (!provider) return status;
  const std::uint64_t word = reinterpret_cast<std::uint64_t>(blob->owner);
  status = provider->blob_free(provider, word, __builtin_return_address(0));
  if (status >= 0 || status == TALLY_EXCEPTION) *blob = tally_blob{};
  return status;
}

extern "C" tally_status tally_blob_resize(tally_blob* blob, size_t size) {
  if (!blob || !blob->owner) {
    return fail(nullptr, TALLY_NULL_ARGUMENT, "tally_blob_resize: null argument: '%s' is null",
                blob ? "blob->owner" : "blob");
  }
  tally_status status = TALLY_OK;
  tally_provider* const provider = provider_of(kResize, blob->owner, &status);
  return provider ? provider->blob_resize(provider, blob, size, __builtin_return_address(0)) : status;
}

extern "C" tally_status tally_view_close(tally_view* view) {
  if (!view || !view->owner) {
    if (view) *view = tally_view{};
    return TALLY_OK;
  }
  tally_status status = TALLY_OK;
  tally_provider* const provider = provider_of(kClose, view->owner, &status);
  if (!provider) return status;
  const std::uint64_t word = reinterpret_cast<std::uint64_t>(view->owner);
  status = provider->view_close(provider, word, __builtin_return_address(0));
  if (status >= 0) *view = tally_view{};
  return status;
}
