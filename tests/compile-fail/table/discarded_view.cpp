// A view is opened and not kept: it is closed at once.
#include "shelf.hpp"

void misuse(shelf::BookRef book) {
#ifdef FIXED
  const tally::View title = book.title();
  (void)title;
#else
  book.title();
#endif
}
