// An object of one class is lent as another.
#include "shelf.hpp"

std::uint32_t weigh(shelf::JarRef jar) {
  return jar.weigh();
}

std::uint32_t misuse(const shelf::Jar& jar, const shelf::Book& book) {
#ifdef FIXED
  (void)book;
  return weigh(jar);
#else
  (void)jar;
  return weigh(book);
#endif
}
