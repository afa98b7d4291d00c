// A function of another kind is given where a callback is wanted.
#include "shelf.hpp"

void misuse(shelf::BookRef book) {
#ifdef FIXED
  book.read([](std::uint32_t page) { (void)page; });
#else
  book.read([](std::string_view page) { (void)page; });
#endif
}
