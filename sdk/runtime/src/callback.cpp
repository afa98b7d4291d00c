// See callback.hpp.
#include "tally/runtime/callback.hpp"

#include <string>

#include "tally/error.hpp"

namespace tally::runtime {

constinit std::atomic<std::uint32_t> calls_out{0};

void callback_is_missing(const char* name) {
  throw CallbackError(TALLY_STALE_HANDLE,
                      std::string("stale handle: '") + name +
                          "' can't be called: it was moved away, or the call that gave it has failed");
}

void check_callback(const char* name, tally_status status) {
  if (status >= 0) return;
  const tally_core* const core = tally_core_entry(TALLY_ABI_MAJOR);
  const tally_error* const error = core ? core->last_error() : nullptr;
  std::string text = std::string("'") + name + "' failed";
  if (error && error->status == status && error->text[0] != '\0') {
    text.append(": ").append(error->text);
  } else {
    text.append(" with status ").append(std::to_string(status));
  }
  throw CallbackError(status, text);
}

}  // namespace tally::runtime
