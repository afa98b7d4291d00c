// An owner is called after a call has taken it: it is empty, and the call throws.
#include <utility>

#include "shelf.hpp"

std::uint32_t misuse(const shelf::Module& module, shelf::BookRef book) {
  shelf::Jar jar = shelf::Jar::create(module, 500);
#ifdef FIXED
  const std::uint32_t grams = jar.weigh();
  book.press(std::move(jar));
  return grams;
#else
  book.press(std::move(jar));
  return jar.weigh();
#endif
}
