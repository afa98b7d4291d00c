/* Views: memory that stays inside an object and is readable until the view is closed. */
#ifndef TALLY_VIEW_H
#define TALLY_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "tally/status.h"

TALLY_EXTERN_C_BEGIN

typedef struct tally_view_owner tally_view_owner;

/* Memory inside an object, and the token that keeps it readable. While a view is open its object is not
   destroyed, only revoked (TALLY_DEFERRED), and methods that would invalidate the memory answer
   TALLY_BORROWED. Give it back with tally_view_close; copying the struct does not copy the right. A view
   belongs to the thread of its object. Text is UTF-8, and no NUL is promised behind it. */
typedef struct tally_view {
  const uint8_t *data;     /* null only in a view of nothing */
  size_t size;             /* bytes */
  tally_view_owner *owner; /* the token; null if there is nothing to close */
} tally_view;

TALLY_STATIC_ASSERT(sizeof(tally_view) == 24, "the layout of tally_view is frozen");

/* Closes the view and zeroes *view. A null, or a view without a token, is a no-op. TALLY_DEFERRED if its
   thread, another one, has to close it. TALLY_ALREADY_DESTROYED, TALLY_WRONG_PAIR (the token is an object's
   or a blob's), TALLY_NEVER_ISSUED: *view is then as it was. In tallystick::host. */
tally_status tally_view_close(tally_view *view);

TALLY_EXTERN_C_END

#endif
