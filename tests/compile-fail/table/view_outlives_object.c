/* Memory inside an object is read after the object has been destroyed, and its view closed. */
#include "shelf.h"

uint8_t misuse(shelf_book* book) {
  tally_view title;
  uint8_t first = 0;
  if (shelf_book_title(book, &title) < 0) return 0;
#ifdef FIXED
  if (title.size > 0) first = title.data[0];
  tally_view_close(&title);
  shelf_book_destroy(book);
#else
  const uint8_t* const inside = title.data;
  tally_view_close(&title);
  shelf_book_destroy(book);
  first = inside[0];
#endif
  return first;
}
