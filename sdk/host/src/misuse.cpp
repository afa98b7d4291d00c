// What happens at a misuse, besides the answer: libtally's, by its functions.
#include "tally/misuse.h"

#include "failure.hpp"

using tally::host::core;

extern "C" tally_status tally_misuse_action(int action) {
  const tally_core* const services = core();
  const int before = services ? services->misuse_action(action) : TALLY_MISUSE_ANSWER;
  if (before >= 0) return before;
  return tally::host::fail(nullptr, TALLY_INVALID_ARGUMENT,
                           "tally_misuse_action: invalid argument: 'action' is %d, which is not one of the "
                           "TALLY_MISUSE_ actions",
                           action);
}

extern "C" void tally_misuse_watch(tally_misuse_watcher* watcher) {
  if (const tally_core* const services = core()) services->misuse_watch(watcher);
}

extern "C" void tally_misuse_unwatch(tally_misuse_watcher* watcher) {
  if (const tally_core* const services = core()) services->misuse_unwatch(watcher);
}
