// Memory inside an object is referred to after both the object and its view are gone: they are temporaries.
#include <string_view>

#include "shelf.hpp"

std::size_t misuse(const shelf::Module& module) {
#ifdef FIXED
  const shelf::Book book = shelf::Book::create(module, 100);
  const tally::View title = book.title();
  const std::string_view text = title.text();
#else
  const std::string_view text = shelf::Book::create(module, 100).title().text();
#endif
  return text.size();
}
