/* A view is opened and not kept. */
#include "shelf.h"

void misuse(const shelf_book* book) {
  tally_view title;
#ifdef FIXED
  if (shelf_book_title(book, &title) >= 0) tally_view_close(&title);
#else
  shelf_book_title(book, &title);
#endif
}
