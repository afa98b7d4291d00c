/* What happens at a misuse, besides the status that the call answers: nothing more, unless the host or the
   environment (TALLY_ON_MISUSE) says so. A misuse is what tally/status.h lists as one, except what
   X_try_destroy answers: who calls that has asked. These functions are in the static library
   tallystick::host, and may be called from any thread. */
#ifndef TALLY_MISUSE_H
#define TALLY_MISUSE_H

#include "tally/error.h"

TALLY_EXTERN_C_BEGIN

enum {
  TALLY_MISUSE_ANSWER = 0, /* the status, and no more: the default */
  TALLY_MISUSE_REPORT = 1, /* "report": its text on standard error as well */
  TALLY_MISUSE_TRAP =
      2, /* "trap": the text, then SIGTRAP: a debugger stops in the call; without one the process ends */
  TALLY_MISUSE_ABORT = 3 /* "abort": the text, then abort() */
};

/* Sets the action for the process, in place of the environment's. Returns the one before.
   TALLY_INVALID_ARGUMENT: no such action, and nothing has changed. */
tally_status tally_misuse_action(int action);

/* Who is told of each misuse of the process. The struct is the caller's, and stays where it is until it has
 * been removed. */
typedef struct tally_misuse_watcher {
  struct tally_misuse_watcher *next; /* libtally's */
  /* On the thread that made it, inside the call that fails, with locks held: it notes what it is told, and
     calls nothing of Tallystick's. Of several threads one after the other. */
  void(TALLY_CALL *told)(struct tally_misuse_watcher *watcher, const tally_error *error);
  void *user; /* the caller's */
} tally_misuse_watcher;

/* From here on, until tally_misuse_unwatch has returned: then no thread is in `told` any more. */
void tally_misuse_watch(tally_misuse_watcher *watcher);
void tally_misuse_unwatch(tally_misuse_watcher *watcher);

TALLY_EXTERN_C_END

#endif
