/* What failed, in words. */
#ifndef TALLY_ERROR_H
#define TALLY_ERROR_H

#include "tally/status.h"

TALLY_EXTERN_C_BEGIN

/* A status and its text: what was called on which class, where the object was created, where it was destroyed
   or given away, and what to do. A caller's own memory, written only by a call that fails; no initialisation
   is needed. */
typedef struct tally_error {
  tally_status status;
  char text[1020]; /* UTF-8, ends with a NUL; a longer text is cut at a character and ends in "..." */
} tally_error;

TALLY_STATIC_ASSERT(sizeof(tally_error) == 1024, "the layout of tally_error is frozen");

/* The last failure of a Tallystick call on the calling thread, or TALLY_OK and an empty text if none has
   failed. Success does not touch it, so it outlives the clean-up that follows an error. It stands until the
   thread's next failure; copy it to keep it. Never null. In tallystick::host. */
const tally_error *tally_last_error(void);

/* For callbacks, and for methods of a class that the host implements: records the status and a text as the
   thread's last error, and returns the status, so that a callback can end with `return tally_fail(...)`. The
   call that the callback is part of then fails with both. A status that is no error (0 or more) is taken for
   TALLY_EXCEPTION; a null text for none. In tallystick::host. */
tally_status tally_fail(tally_status status, const char *text);

/* "stale handle": the status in two or three words; "error of the interface" for those of an interface.
 * Static text. */
const char *tally_status_text(tally_status status);

TALLY_EXTERN_C_END

#endif
