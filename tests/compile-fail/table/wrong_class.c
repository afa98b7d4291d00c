/* An object of one class is called as another. */
#include "shelf.h"

uint32_t misuse(const shelf_jar* jar, const shelf_book* book) {
  uint32_t grams = 0;
#ifdef FIXED
  (void)book;
  shelf_jar_weigh(jar, &grams);
#else
  (void)jar;
  shelf_jar_weigh(book, &grams);
#endif
  return grams;
}
