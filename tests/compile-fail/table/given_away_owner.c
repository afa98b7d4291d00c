/* An owner is called after a call has taken it. */
#include "shelf.h"

uint32_t misuse(shelf_jar* jar, const shelf_book* book) {
  uint32_t grams = 0;
#ifdef FIXED
  shelf_jar_weigh(jar, &grams);
  shelf_book_press(book, &jar);
#else
  shelf_book_press(book, &jar);
  shelf_jar_weigh(jar, &grams);
#endif
  return grams;
}
