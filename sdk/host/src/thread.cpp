// What libtally keeps for a thread, made ready before it is needed.
#include "failure.hpp"
#include "tally/host.h"

namespace {

using tally::host::core;
using tally::host::fail;

// Null, and *status with an error named after `function`, if there is nothing to be had.
tally_thread* attach(const char* function, tally_status* status) {
  const tally_core* const services = core();
  if (!services) {
    *status = fail(nullptr, TALLY_VERSION_MISMATCH,
                   "%s: version mismatch: the libtally of this process is of another major than %d", function,
                   TALLY_ABI_MAJOR);
    return nullptr;
  }
  tally_thread* const thread = services->thread_attach();
  if (!thread) {
    *status = fail(nullptr, TALLY_OUT_OF_MEMORY, "%s: out of memory: nothing is kept for this thread yet",
                   function);
    return nullptr;
  }
  services->last_error();  // where failures of this thread are recorded is made when it is first asked for
  *status = TALLY_OK;
  return thread;
}

}  // namespace

extern "C" tally_status tally_thread_attach(void) {
  tally_status status = TALLY_OK;
  attach("tally_thread_attach", &status);
  return status;
}

extern "C" tally_status tally_thread_realtime(int is_realtime) {
  tally_status status = TALLY_OK;
  if (tally_thread* const thread = attach("tally_thread_realtime", &status)) {
    thread->ends_as = is_realtime ? 0 : thread->identity;
  }
  return status;
}
