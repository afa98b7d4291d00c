// What libtally keeps for a thread, made ready before it is needed.
#include "failure.hpp"
#include "tally/host.h"

extern "C" tally_status tally_thread_attach(void) {
  const tally_core* const services = tally::host::core();
  if (!services) {
    return tally::host::fail(
        nullptr, TALLY_VERSION_MISMATCH,
        "tally_thread_attach: version mismatch: the libtally of this process is of another major than %d",
        TALLY_ABI_MAJOR);
  }
  if (!services->thread_attach()) {
    return tally::host::fail(nullptr, TALLY_OUT_OF_MEMORY,
                             "tally_thread_attach: out of memory: nothing is kept for this thread yet");
  }
  services->last_error();  // where failures of this thread are recorded is made when it is first asked for
  return TALLY_OK;
}
