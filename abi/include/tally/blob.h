/* Blobs: memory that crosses a boundary. */
#ifndef TALLY_BLOB_H
#define TALLY_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "tally/status.h"

TALLY_EXTERN_C_BEGIN

typedef struct tally_blob_owner tally_blob_owner;

/* Memory and the token that owns it. Whoever has the token may read and write the memory, and gives it back
   with tally_blob_free, which returns it to the provider that made it and zeroes all three members. Copying
   the struct does not copy the right: one copy frees, the others are then stale, and freeing them is
   ALREADY_DESTROYED. Text ends with a NUL that `size` does not count. Any thread may use and free it, one at
   a time. */
typedef struct tally_blob {
  uint8_t *data;           /* null only in a blob that holds nothing */
  size_t size;             /* bytes */
  tally_blob_owner *owner; /* the token; null if there is nothing to free */
} tally_blob;

TALLY_STATIC_ASSERT(sizeof(tally_blob) == 24, "the layout of tally_blob is frozen");

/* Gives the memory back to its provider and zeroes *blob. A null, or a blob without a token, is a no-op.
   TALLY_ALREADY_DESTROYED, TALLY_WRONG_PAIR (the token is an object's), TALLY_NEVER_ISSUED: *blob is then as
   it was. TALLY_EXCEPTION: it has been given back, and its destructor threw. In tallystick::host. */
tally_status tally_blob_free(tally_blob *blob);

/* Makes a blob that the generated X_allocate made larger or smaller: what was in it stays, up to the smaller
   of both sizes, and what comes to it is not initialised; `data` may move, the token stays. On failure *blob
   is as it was: TALLY_OUT_OF_MEMORY, TALLY_LIMIT_REACHED, TALLY_NOT_SUPPORTED (a call returned it, in a
   container of its module's), TALLY_NULL_ARGUMENT, and the misuses of tally_blob_free. In tallystick::host.
 */
tally_status tally_blob_resize(tally_blob *blob, size_t size);

TALLY_EXTERN_C_END

#endif
