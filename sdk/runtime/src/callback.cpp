// See callback.hpp.
#include "tally/runtime/callback.hpp"

#include <cstring>
#include <string>

#include "tally/error.hpp"
#include "tally/runtime/arguments.hpp"

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
bool names(const std::string& text, const std::string& error) {
  return text.starts_with(error + ": ") || text.find(": " + error + ": ") != std::string::npos;
}

}  // namespace

constinit std::atomic<std::uint32_t> calls_out{0};

void callback_is_missing(const char* name) {
  throw CallbackError(TALLY_STALE_HANDLE,
                      std::string("stale handle: '") + name +
                          "' can't be called: it was moved away, or the call that gave it has failed");
}

void Asking::fail(tally_status status) const {
  const tally_error* const error = last_error();
  const bool has_text = error && failures() != failures_ && error->status == status && error->text[0] != '\0';
  const char* const own = error_of_interface(interface_, status);
  const std::string failed = std::string("'") + name_ + "' failed";
  if (has_text) {
    const std::string text = error->text;
    throw CallbackError(status, failed + ": " + (own && !names(text, own) ? own + (": " + text) : text));
  }
  if (const char* const words = own ? own : words_of(status))
    throw CallbackError(status, failed + ": " + words + ", without a text");
  throw CallbackError(
      status, failed + " with status " + std::to_string(status) + ", which is no error of " + interface_);
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
    throw CallbackError(TALLY_NULL_ARGUMENT, std::string(name_) +
                                                 ": null argument: 'out' has memory, but its owner is null; "
                                                 "return what the module's allocate or another call wrote");
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
