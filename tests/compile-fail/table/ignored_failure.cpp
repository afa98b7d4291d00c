// With TALLY_EXPECTED, a call's failure is not looked at.
#define TALLY_EXPECTED
#include "shelf.hpp"

void misuse(shelf::BookRef book, shelf::Jar& jar) {
#ifdef FIXED
  if (const tally::Expected<void> pressed = book.press(std::move(jar)); !pressed) std::abort();
#else
  book.press(std::move(jar));
#endif
}
