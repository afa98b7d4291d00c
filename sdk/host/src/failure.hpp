// How the host library fails: into the thread's last error and, if given, the caller's.
#pragma once

#include "tally/core.h"
#include "tally/error.h"

namespace tally::host {

/// libtally's services; null if the libtally of this process is of another major.
const tally_core* core() noexcept;

/// Records status and text, and returns the status.
[[gnu::cold, gnu::format(printf, 3, 4)]] tally_status fail(tally_error* error, tally_status status,
                                                           const char* format, ...) noexcept;

}  // namespace tally::host
