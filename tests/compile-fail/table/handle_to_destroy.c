/* A handle, which is a right to call, is given to destroy. */
#include "shelf.h"

void misuse(shelf_jar* owner, const shelf_jar* handle) {
#ifdef FIXED
  (void)handle;
  shelf_jar_destroy(owner);
#else
  (void)owner;
  shelf_jar_destroy(handle);
#endif
}
