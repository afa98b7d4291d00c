// See scenarios.hpp.
#include "scenarios.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "tally/blob.h"
#include "tally/error.h"
#include "tally/view.h"

namespace sweep {
namespace {

int surprise_count = 0;

void surprise(const char* what, tally_status status) {
  ++surprise_count;
  std::fprintf(stderr, "  %s: answered %d: %s\n", what, status, tally_last_error()->text);
}

// A call that may fail for lack of memory, and only for that.
bool is_done(const char* what, tally_status status, tally_status also = TALLY_OK) {
  if (status >= 0) return true;
  if (status != TALLY_OUT_OF_MEMORY && status != also) surprise(what, status);
  return false;
}

template <class Opaque>
Opaque* made(const char* what, Opaque* token, const tally_error& error) {
  if (!token) is_done(what, error.status);
  return token;
}

// Giving back never fails.
void gone(const char* what, tally_status status) {
  if (status < 0) surprise(what, status);
}

property_root* make_root(const property_api& api) {
  tally_error error{};
  return made("root_create", api.root_create(&error), error);
}
property_picture* make_picture(const property_api& api) {
  tally_error error{};
  return made("picture_create", api.picture_create(&error), error);
}

int released = 0;
constexpr property_step kStep{[](void*, std::uint64_t, tally_bool* out) -> tally_status {
                                *out = 1;
                                return TALLY_OK;
                              },
                              nullptr, [](void*) { ++released; }};

void kin(const property_api& api) {
  property_root* const root = make_root(api);
  property_leaf* leaf = nullptr;
  property_leaf* again = nullptr;
  property_twig* twig = nullptr;
  property_bud* bud = nullptr;
  property_sprout* sprout = nullptr;
  property_sprout* second = nullptr;
  tally_error error{};
  if (root && is_done("root_leaf", api.root_leaf(root, &leaf)))
    is_done("leaf_again", api.leaf_again(leaf, &again));
  if (root && is_done("root_twig", api.root_twig(root, &twig))) {
    is_done("twig_bud", api.twig_bud(twig, &bud));
    if (is_done("twig_sprout", api.twig_sprout(twig, &sprout)))
      second = made("sprout_retain", api.sprout_retain(sprout, &error), error);
  }
  gone("root_destroy", api.root_destroy(root));
  gone("bud_destroy", api.bud_destroy(bud));
  gone("leaf_destroy", api.leaf_destroy(leaf));
  gone("leaf_destroy", api.leaf_destroy(again));
  gone("twig_destroy", api.twig_destroy(twig));
  gone("sprout_release", api.sprout_release(sprout));
  gone("sprout_release", api.sprout_release(second));
}

// More than one block of slots, and of references.
void many(const property_api& api) {
  std::array<property_picture*, 130> pictures{};
  std::array<property_picture*, 130> references{};
  tally_error error{};
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    pictures[i] = make_picture(api);
    if (pictures[i]) references[i] = made("picture_retain", api.picture_retain(pictures[i], &error), error);
  }
  for (property_picture* each : pictures) gone("picture_release", api.picture_release(each));
  for (property_picture* each : references) gone("picture_release", api.picture_release(each));
}

void views(const property_api& api) {
  property_root* const root = make_root(api);
  tally_view view{};
  if (root) is_done("root_content", api.root_content(root, &view));
  gone("root_destroy", api.root_destroy(root));
  gone("view_close", tally_view_close(&view));
}

void memory(const property_api& api) {
  property_root* const root = make_root(api);
  std::array<tally_blob, 4> blobs{};
  if (root) is_done("root_copy", api.root_copy(root, &blobs[0]));
  is_done("allocate", api.allocate(100, 0, 1, &blobs[1]));
  is_done("allocate", api.allocate(100, 4096, 1, &blobs[2]));
  is_done("allocate", api.allocate(100, 0, 1, &blobs[3]));
  std::uint64_t sum = 0;
  if (blobs[1].owner) is_done("blob_resize", tally_blob_resize(&blobs[1], 100'000));
  if (blobs[2].owner) is_done("blob_resize", tally_blob_resize(&blobs[2], 100'000));
  if (blobs[2].owner) is_done("add_up", api.add_up(&blobs[2], 1, &sum), TALLY_STATUS_FIRST_OF_INTERFACE);
  if (blobs[2].owner) is_done("add_up", api.add_up(&blobs[2], 0, &sum));
  if (root && blobs[3].owner) is_done("root_store", api.root_store(root, &blobs[3], 0));
  for (tally_blob& each : blobs) gone("blob_free", tally_blob_free(&each));
  gone("root_destroy", api.root_destroy(root));
}

void callbacks(const property_api& api) {
  released = 0;
  int given = 0;
  property_root* const root = make_root(api);
  std::uint64_t out = 0;
  property_leaf* leaf = nullptr;
  if (root) {
    given += is_done("root_call", api.root_call(root, &kStep, &out)) ? 1 : 0;
    given += is_done("root_keep", api.root_keep(root, &kStep, 0)) ? 1 : 0;
    is_done("root_keep", api.root_keep(root, &kStep, 1), TALLY_STATUS_FIRST_OF_INTERFACE);
    is_done("root_fire", api.root_fire(root, &out), TALLY_STATUS_FIRST_OF_INTERFACE);
    given += is_done("root_leaf_after", api.root_leaf_after(root, &kStep, &leaf)) ? 1 : 0;
  }
  gone("leaf_destroy", api.leaf_destroy(leaf));
  gone("root_destroy", api.root_destroy(root));
  if (released != given)
    surprise("callbacks that were released, and those that were given", given - released);
}

// An object that a failed call did not take is still the caller's; one that it took is not.
void giving(const property_api& api) {
  property_root* const root = make_root(api);
  property_picture* picture = make_picture(api);
  property_twig* twig = nullptr;
  if (root && picture) is_done("root_hold", api.root_hold(root, &picture, &kStep, 0));
  if (root && !picture)
    is_done("root_let_go", api.root_let_go(root, &picture), TALLY_STATUS_FIRST_OF_INTERFACE);
  if (root && picture)
    is_done("root_hold", api.root_hold(root, &picture, &kStep, 1), TALLY_STATUS_FIRST_OF_INTERFACE);
  if (root && is_done("root_twig", api.root_twig(root, &twig)))
    is_done("root_graft", api.root_graft(root, &twig, &kStep, 0));
  gone("twig_destroy", api.twig_destroy(twig));
  gone("picture_release", api.picture_release(picture));
  property_root* left = root;
  std::uint64_t out = 0;
  if (left) is_done("root_end", api.root_end(&left, &kStep, 0, &out));
  gone("root_destroy", api.root_destroy(left));
}

void arrays(const property_api& api) {
  tally_error error{};
  property_cell_array* const array =
      made("cell_array_create", api.cell_array_create(200, 1000, &error), error);
  const property_cell* cell = nullptr;
  if (array) is_done("cell_array_at", api.cell_array_at(array, 199, &cell));
  property_cell_array* const refused = api.cell_array_create(100, 250, &error);
  if (!refused) is_done("cell_array_create", error.status, TALLY_STATUS_FIRST_OF_INTERFACE);
  gone("cell_array_destroy", api.cell_array_destroy(refused));
  gone("cell_array_destroy", api.cell_array_destroy(array));
}

void sinks(const property_api& api) {
  static int ended;
  ended = 0;
  static constexpr property_sink_methods kMethods{
      {sizeof(property_sink_methods), PROPERTY_VERSION_MAJOR, PROPERTY_VERSION_MINOR},
      [](void*) { ++ended; },
      [](void*, const std::uint8_t*, std::size_t size, std::uint64_t* out) -> tally_status {
        *out = size;
        return TALLY_OK;
      }};
  tally_error error{};
  property_root* const root = make_root(api);
  property_sink* sink = made("sink_create", api.sink_create(&kMethods, nullptr, &error), error);
  const int wanted = sink ? 1 : 0;
  std::uint64_t out = 0;
  if (sink) is_done("sink_write", api.sink_write(sink, nullptr, 0, &out));
  if (root && sink) is_done("root_attach", api.root_attach(root, &sink));
  if (root) is_done("root_write", api.root_write(root, &out), TALLY_STATUS_FIRST_OF_INTERFACE);
  gone("sink_destroy", api.sink_destroy(sink));
  gone("root_destroy", api.root_destroy(root));
  if (ended != wanted) surprise("sinks that have ended, and those that were made", wanted - ended);
}

constexpr std::array<Scenario, 8> kScenarios{{{"kin", kin},
                                              {"many", many},
                                              {"views", views},
                                              {"memory", memory},
                                              {"callbacks", callbacks},
                                              {"giving", giving},
                                              {"arrays", arrays},
                                              {"sinks", sinks}}};

}  // namespace

std::span<const Scenario> scenarios() {
  return kScenarios;
}

int surprises() {
  return surprise_count;
}

}  // namespace sweep
