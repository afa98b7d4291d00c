/* Marks: what lived at a moment, and what has come and gone since. For tests, and for programs that run long.
   These functions are in the static library tallystick::host; any thread may take a mark and look at it, one
   at a time. */
#ifndef TALLY_MARK_H
#define TALLY_MARK_H

#include "tally/ledger.h"

TALLY_EXTERN_C_BEGIN

/* What lived when it was taken. */
typedef struct tally_mark tally_mark;

void tally_mark_free(tally_mark *mark);

/* Notes what is live or deferred now, of one module or (null) of all. Null without memory; give it back with
   tally_mark_free. Takes time and 24 bytes for each entry. */
tally_mark *tally_mark_take(const char *module) TALLY_NODISCARD TALLY_PAIRED_WITH(tally_mark_free);

/* What has changed since a mark, of one class, made at one site. */
typedef struct tally_change {
  const char *module; /* as long as the mark lives */
  const char *class_name;
  tally_site created;
  uint64_t came;     /* live or deferred now, and not at the mark: for a test, what it has left behind */
  uint64_t deferred; /* of those: consumed, but the destructor has not run */
  uint64_t went;     /* lived at the mark, and does no more */
} tally_change;

/* Return 0 to go on, anything else to stop. */
typedef int(TALLY_CALL *tally_change_visitor)(const tally_change *change, void *user);

/* Each of them (`visitor` may be null), those of one class together. Returns how many came, of all;
   UINT64_MAX, and nothing is visited, without memory for the comparison. An object that has changed hands is
   the same; a reference, which has no name of its own, is known by its object and its site. The visitor may
   read the ledger, but must not create, destroy, load or unload. */
uint64_t tally_mark_changes(tally_mark *mark, tally_change_visitor visitor, void *user);

/* The same as text on a file descriptor, one line for each site from which something came; nothing if nothing
   did. Returns how many came: for a test in plain C, `return tally_mark_write(mark, 2) != 0`. */
uint64_t tally_mark_write(tally_mark *mark, int descriptor);

TALLY_EXTERN_C_END

#endif
