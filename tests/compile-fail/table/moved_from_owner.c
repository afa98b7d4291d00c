/* A token is used after it was given away: it is null by then, and the call is refused. */
#include "shelf.h"

uint32_t misuse(const shelf_book* book, shelf_jar* jar) {
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
