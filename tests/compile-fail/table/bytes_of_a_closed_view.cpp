// Bytes of a view outlive the view, which is closed at the end of the line.
#include "shelf.hpp"

std::size_t misuse(shelf::BookRef book) {
#ifdef FIXED
  const tally::View title = book.title();
  const tally::Bytes bytes = title;
#else
  const tally::Bytes bytes = book.title();
#endif
  return bytes.size();
}
