// See fake.hpp. What no test calls refuses, as an empty owner's table does.
#include "fake.hpp"

#include <cstdio>
#include <string>
#include <tuple>
#include <utility>

#include "ownership.hpp"

namespace fake {

State state;

namespace {

tally_error last_error;

// How the call that is under way ends.
tally_status outcome() {
  const tally_status status = std::exchange(state.next, TALLY_OK);
  return status < 0 ? tally_fail(status, state.text.c_str()) : status;
}

template <class Word>
tally_status give_back(Word*) {
  const tally_status status = outcome();
  if (status >= 0 || status == TALLY_EXCEPTION) ++state.given_back;
  return status;
}

template <class Word>
tally_status try_give_back(Word** owner) {
  const tally_status status = give_back(*owner);
  if (status >= 0 || status == TALLY_EXCEPTION) *owner = nullptr;
  return status;
}

template <class Word>
const Word* ref(const Word* word) {
  return outcome() < 0 ? nullptr : handle_of(word);
}

template <class Word, class... Arguments>
Word* create(Arguments...) {
  return outcome() < 0 ? nullptr : token<Word>();
}

// A method that takes something.
template <class Self, class Given>
tally_status take(const Self*, Given** given) {
  const tally_status status = outcome();
  if (status < 0) return status;
  ++state.given_back;
  *given = nullptr;
  return status;
}

template <class Self, class Raw, Raw State::*kept>
tally_status keep(const Self*, const Raw* raw) {
  if (!raw) return tally_fail(TALLY_NULL_ARGUMENT, "'handler' is null");
  const tally_status status = outcome();
  if (status >= 0) state.*kept = *raw;
  return status;
}

tally_status run(const ownership_database* self, const ownership_row* each, const ownership_finished* last,
                 std::uint64_t* out) {
  ownership_verdict verdict = 0;
  tally_status status =
      each->call(each->user, self ? reinterpret_cast<const ownership_statement*>(self) : nullptr, nullptr, 0,
                 1.5, &verdict);
  if (status >= 0) status = last->call(last->user);
  if (status < 0) return status;
  *out = static_cast<std::uint64_t>(verdict);
  each->release(each->user);
  last->release(last->user);
  return TALLY_OK;
}

tally_status store(const ownership_database*, tally_blob* data, tally_blob* name) {
  const tally_status status = outcome();
  if (status >= 0) *data = *name = tally_blob{};
  return status;
}

template <class Self, class... Arguments>
tally_status open_view(const Self*, Arguments... arguments) {
  tally_view* const out = std::get<sizeof...(Arguments) - 1>(std::tuple(arguments...));
  const tally_status status = outcome();
  if (status >= 0) *out = view("seen");
  return status;
}

tally_status finish(ownership_statement** self, std::uint64_t* out) {
  const tally_status status = try_give_back(self);
  if (status >= 0) *out = 7;
  return status;
}

tally_status size(const ownership_sample_array*, std::uint64_t* out) {
  *out = state.array_size;
  return outcome();
}

tally_status at(const ownership_sample_array*, std::uint64_t index, const ownership_sample** out) {
  if (index >= state.array_size) return tally_fail(TALLY_INVALID_ARGUMENT, "'index' is beyond the end");
  *out = reinterpret_cast<const ownership_sample*>(0x9001 + 2 * index);
  return TALLY_OK;
}

tally_status next(const ownership_sample* self, std::uint32_t* out) {
  *out = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(self));
  return outcome();
}

ownership_sink* create_sink(const ownership_sink_methods* methods, void* user, tally_error*) {
  if (outcome() < 0) return nullptr;
  state.methods = methods;
  state.user = user;
  return token<ownership_sink>();
}

tally_status checksum(const std::uint8_t* data, std::size_t size, std::uint32_t start, std::uint32_t* out) {
  for (*out = start; size != 0; --size) *out += data[size - 1];
  return outcome();
}

tally_status allocate(std::uint64_t size, std::uint64_t, tally_bool, tally_blob* out) {
  static std::uint8_t memory[4096];
  *out = {memory, static_cast<std::size_t>(size), reinterpret_cast<tally_blob_owner*>(memory)};
  return outcome();
}

ownership_api make_api() {
  ownership_api api = tally::refusing_table<ownership::detail::Interface>();
  api.header = {sizeof api, OWNERSHIP_VERSION_MAJOR, OWNERSHIP_VERSION_MINOR};
  api.database_destroy = &give_back<ownership_database>;
  api.database_try_destroy = &try_give_back<ownership_database>;
  api.database_ref = &ref<ownership_database>;
  api.database_create = &create<ownership_database, const char*, std::size_t, tally_error*>;
  api.database_on_change = &keep<ownership_database, ownership_progress, &State::progress>;
  api.database_on_arrival = &keep<ownership_database, ownership_arrival, &State::arrival>;
  api.database_run = &run;
  api.database_store = &store;
  api.database_attach = &take<ownership_database, ownership_sink>;
  api.database_content = &open_view<ownership_database, tally_view*>;
  api.statement_destroy = &give_back<ownership_statement>;
  api.statement_ref = &ref<ownership_statement>;
  api.statement_finish = &finish;
  api.image_release = &give_back<ownership_image>;
  api.image_retain = &create<ownership_image, const ownership_image*, tally_error*>;
  api.image_ref = &ref<ownership_image>;
  api.image_create = &create<ownership_image, std::uint32_t, std::uint32_t, tally_error*>;
  api.album_destroy = &give_back<ownership_album>;
  api.album_ref = &ref<ownership_album>;
  api.album_create = &create<ownership_album, tally_error*>;
  api.album_add = &take<ownership_album, ownership_image>;
  api.sample_next = &next;
  api.sample_array_destroy = &give_back<ownership_sample_array>;
  api.sample_array_ref = &ref<ownership_sample_array>;
  api.sample_array_create =
      &create<ownership_sample_array, std::uint64_t, std::uint32_t, std::uint32_t, tally_error*>;
  api.sample_array_size = &size;
  api.sample_array_at = &at;
  api.sink_destroy = &give_back<ownership_sink>;
  api.sink_ref = &ref<ownership_sink>;
  api.sink_create = &create_sink;
  api.checksum = &checksum;
  api.allocate = &allocate;
  return api;
}

}  // namespace

void reset() {
  state = {};
  last_error = {};
}

const ownership_api& api() {
  static const ownership_api api = make_api();
  return api;
}

tally_blob blob(const char* text) {
  auto* const data = reinterpret_cast<std::uint8_t*>(const_cast<char*>(text));
  return {data, std::char_traits<char>::length(text), reinterpret_cast<tally_blob_owner*>(data)};
}

tally_view view(const char* text) {
  const auto* const data = reinterpret_cast<const std::uint8_t*>(text);
  return {data, std::char_traits<char>::length(text),
          reinterpret_cast<tally_view_owner*>(const_cast<char*>(text))};
}

}  // namespace fake

// ---- What tallystick::host has ----

extern "C" {

const ownership_api* ownership_linked_api() {
  return &fake::api();
}

const tally_error* tally_last_error() {
  return &fake::last_error;
}

tally_status tally_fail(tally_status status, const char* text) {
  fake::last_error.status = status;
  std::snprintf(fake::last_error.text, sizeof fake::last_error.text, "%s", text);
  return status;
}

tally_status tally_blob_free(tally_blob* blob) {
  if (!blob->owner) return TALLY_OK;
  ++fake::state.blobs_freed;
  *blob = {};
  return TALLY_OK;
}

tally_status tally_blob_resize(tally_blob* blob, std::size_t size) {
  const tally_status status = fake::outcome();
  if (status >= 0) blob->size = size;
  return status;
}

tally_status tally_view_close(tally_view* view) {
  if (!view->owner) return TALLY_OK;
  const tally_status status = fake::outcome();
  if (status < 0) return status;
  ++fake::state.views_closed;
  *view = {};
  return status;
}

tally_module* tally_module_load(const char*, tally_error*) {
  tally_fail(TALLY_SYSTEM_ERROR, "there is no such file");
  return nullptr;
}

tally_status tally_module_unload(tally_module*) {
  return TALLY_OK;
}

const tally_table_header* tally_module_table(tally_module*, const tally_interface*, tally_error*) {
  return nullptr;
}

const char* tally_module_name(const tally_module*) {
  return "fake";
}

const char* tally_module_path(const tally_module*) {
  return "";
}

tally_status tally_not_supported(const char* function, const char*, tally_error*) {
  return tally_fail(TALLY_NOT_SUPPORTED, function);
}

}  // extern "C"
