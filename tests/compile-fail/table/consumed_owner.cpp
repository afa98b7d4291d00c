// An owner is called after a method that consumes it: it is empty, and the call throws.
#include <utility>

#include "shelf.hpp"

std::uint32_t misuse(const shelf::Module& module) {
  shelf::Book book = shelf::Book::create(module, 100);
#ifdef FIXED
  const std::uint32_t pages = book.count();
  std::move(book).close_up();
  return pages;
#else
  std::move(book).close_up();
  return book.count();
#endif
}
