// See callback.hpp.
#include "tally/runtime/callback.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "tally/error.hpp"
#include "tally/runtime/arguments.hpp"
#include "text.hpp"

namespace tally::runtime {
namespace {

const tally_error* last_error() noexcept {
  const tally_core* const core = tally_core_entry(TALLY_ABI_MAJOR);
  return core ? core->last_error() : nullptr;
}

// "corrupt_input", of the interface's own errors; null if the status is none of them.
const char* error_of_interface(const char* name, tally_status status) noexcept {
  static constexpr char kGroup[] = "errors.";
  const Interface* const interface = interface_of_module(name);
  if (!interface) return nullptr;
  const tally_interface& description = interface->description();
  for (std::uint32_t i = 0; i < description.number_count; ++i) {
    const tally_number& each = description.numbers[i];
    if (each.value == status && std::strncmp(each.name, kGroup, sizeof kGroup - 1) == 0)
      return each.name + sizeof kGroup - 1;
  }
  return nullptr;
}

// Whether the text says the error's name already, as that of a call that failed in the callback does.
bool names(const char* text, const char* error) noexcept {
  char within[200];
  std::snprintf(within, sizeof within, ": %s: ", error);
  const char* const at_start = within + 2;
  return std::strncmp(text, at_start, std::strlen(at_start)) == 0 || std::strstr(text, within);
}

}  // namespace

constinit std::atomic<std::uint32_t> calls_out{0};

void callback_error(tally_status status, const char* format, ...) {
  tally_error error;
  std::va_list arguments;
  va_start(arguments, format);
  Text(error).add(format, arguments);
  va_end(arguments);
  throw CallbackError(status, error.text);
}

void callback_is_missing(const char* name) {
  callback_error(TALLY_STALE_HANDLE,
                 "stale handle: '%s' can't be called: it was moved away, or the call that gave it has failed",
                 name);
}

void Asking::fail(tally_status status) const {
  const tally_error* const error = last_error();
  const bool has_text = error && failures() != failures_ && error->status == status && error->text[0] != '\0';
  const char* const own = error_of_interface(interface_, status);
  if (has_text && own && !names(error->text, own))
    callback_error(status, "'%s' failed: %s: %s", name_, own, error->text);
  if (has_text) callback_error(status, "'%s' failed: %s", name_, error->text);
  if (const char* const words = own ? own : words_of(status))
    callback_error(status, "'%s' failed: %s, without a text", name_, words);
  callback_error(status, "'%s' failed with status %d, which is no error of %s", name_, status, interface_);
}

namespace {

// With the text that the refusal has recorded.
[[noreturn]] void throw_refusal(tally_status status) {
  const tally_error* const error = last_error();
  throw CallbackError(status, error ? error->text : "");
}

}  // namespace

OwnedBytes Asking::bytes(const tally_blob& out) const {
  if (!out.owner) {
    if (!out.data && out.size == 0) return {};  // nothing at all is an empty blob
    callback_error(TALLY_NULL_ARGUMENT,
                   "%s: null argument: 'out' has memory, but its owner is null; return what the module's "
                   "allocate or another call wrote",
                   name_);
  }
  const Function function{*interface_of_module(interface_), name_};
  tally_blob given = out;
  TakingBlob taking(Call{function, TALLY_CALLER}, "out", &given);
  if (taking.status() < 0) throw_refusal(taking.status());
  OwnedBytes taken = taking.own();
  taking.take(TALLY_OK);
  return taken;
}

OwnedBytes Asking::text(const tally_blob& out) const {
  OwnedBytes taken = bytes(out);
  const std::string_view text = taken.text();
  if (is_utf8(text.data(), text.size())) return taken;
  const Function function{*interface_of_module(interface_), name_};
  throw_refusal(not_utf8(Call{function, TALLY_CALLER}, "out", text));
}

}  // namespace tally::runtime
