// The last error, and statuses in words.
#include "tally/error.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "failure.hpp"

namespace tally::host {

const tally_core* core() noexcept {
  return tally_core_entry(TALLY_ABI_MAJOR);
}

namespace {

// A text that is too long ends in "...", and not inside a character.
void cut(tally_error& error) {
  std::size_t end = sizeof error.text - 4;
  while (end > 0 && (static_cast<unsigned char>(error.text[end]) & 0xC0) == 0x80) --end;
  std::memcpy(error.text + end, "...", 4);
}

}  // namespace

tally_status fail(tally_error* error, tally_status status, const char* format, ...) noexcept {
  tally_error failure;
  failure.status = status;
  std::va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(failure.text, sizeof failure.text, format, arguments);
  va_end(arguments);
  if (length >= static_cast<int>(sizeof failure.text)) cut(failure);
  if (error) *error = failure;
  if (const tally_core* const services = core()) *services->new_error() = failure;
  return status;
}

}  // namespace tally::host

extern "C" const tally_error* tally_last_error(void) {
  static const tally_error other_major = {TALLY_VERSION_MISMATCH,
                                          "the libtally of this process has another major version"};
  const tally_core* const services = tally::host::core();
  return services ? services->last_error() : &other_major;
}

extern "C" tally_status tally_fail(tally_status status, const char* text) {
  return tally::host::fail(nullptr, status < 0 ? status : TALLY_EXCEPTION, "%s", text ? text : "");
}

extern "C" const char* tally_status_text(tally_status status) {
  switch (status) {
    case TALLY_OK:
      return "ok";
    case TALLY_DEFERRED:
      return "deferred";
    case TALLY_STALE_HANDLE:
      return "stale handle";
    case TALLY_ALREADY_DESTROYED:
      return "already destroyed";
    case TALLY_GONE_WITH_PARENT:
      return "gone with parent";
    case TALLY_WRONG_CLASS:
      return "wrong class";
    case TALLY_WRONG_PAIR:
      return "wrong pair";
    case TALLY_WRONG_MODULE:
      return "wrong module";
    case TALLY_NEVER_ISSUED:
      return "never issued";
    case TALLY_NOT_OWNER:
      return "not the owner";
    case TALLY_BORROWED:
      return "borrowed";
    case TALLY_HAS_CHILDREN:
      return "has children";
    case TALLY_WRONG_THREAD:
      return "wrong thread";
    case TALLY_CONCURRENT_USE:
      return "concurrent use";
    case TALLY_OUT_OF_MEMORY:
      return "out of memory";
    case TALLY_LIMIT_REACHED:
      return "limit reached";
    case TALLY_INVALID_ARGUMENT:
      return "invalid argument";
    case TALLY_NULL_ARGUMENT:
      return "null argument";
    case TALLY_NOT_UTF8:
      return "not UTF-8";
    case TALLY_VERSION_MISMATCH:
      return "version mismatch";
    case TALLY_NOT_SUPPORTED:
      return "not supported";
    case TALLY_EXCEPTION:
      return "exception";
    case TALLY_SYSTEM_ERROR:
      return "system error";
    default:
      return status <= TALLY_STATUS_FIRST_OF_INTERFACE ? "error of the interface" : "unknown status";
  }
}
