/* A token is used, and forgotten. */
#include "shelf.h"

uint32_t misuse(void) {
  uint32_t grams = 0;
  shelf_jar* const jar = shelf_jar_create(500, TALLY_NULL);
  shelf_jar_weigh(jar, &grams);
#ifdef FIXED
  shelf_jar_destroy(jar);
#endif
  return grams;
}
