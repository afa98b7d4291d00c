/* What a module made is given to free. */
#include <stdlib.h>

#include "shelf.h"

void misuse(void) {
  shelf_jar* const jar = shelf_jar_create(500, TALLY_NULL);
#ifdef FIXED
  shelf_jar_destroy(jar);
#else
  free(jar);
#endif
}
