/* An array is given to the destroy function of its elements. */
#include "shelf.h"

void misuse(shelf_jar* jar, shelf_jar_array* jars) {
#ifdef FIXED
  (void)jars;
  shelf_jar_destroy(jar);
#else
  (void)jar;
  shelf_jar_destroy(jars);
#endif
}
