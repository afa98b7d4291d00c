/* A creator's token is not even looked at. */
#include "shelf.h"

void misuse(void) {
#ifdef FIXED
  shelf_jar_destroy(shelf_jar_create(500, TALLY_NULL));
#else
  shelf_jar_create(500, TALLY_NULL);
#endif
}
