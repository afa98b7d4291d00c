/* A token is spent twice. */
#include "shelf.h"

void misuse(void) {
  shelf_jar* const jar = shelf_jar_create(500, TALLY_NULL);
  shelf_jar_destroy(jar);
#ifndef FIXED
  shelf_jar_destroy(jar);
#endif
}
