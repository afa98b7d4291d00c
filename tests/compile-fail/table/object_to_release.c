/* An object that is not counted is released as one that is. */
#include "shelf.h"

void misuse(shelf_jar* jar) {
#ifdef FIXED
  shelf_jar_destroy(jar);
#else
  shelf_stamp_release(jar);
#endif
}
