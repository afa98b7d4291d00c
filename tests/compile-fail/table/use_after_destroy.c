/* A token that is spent calls its object. */
#include "shelf.h"

uint32_t misuse(void) {
  uint32_t grams = 0;
  shelf_jar* const jar = shelf_jar_create(500, TALLY_NULL);
#ifdef FIXED
  shelf_jar_weigh(jar, &grams);
  shelf_jar_destroy(jar);
#else
  shelf_jar_destroy(jar);
  shelf_jar_weigh(jar, &grams);
#endif
  return grams;
}
