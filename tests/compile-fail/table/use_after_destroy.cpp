// An owner is called after it has been destroyed: it is empty, and the call throws.
#include "shelf.hpp"

std::uint32_t misuse(const shelf::Module& module) {
  shelf::Jar jar = shelf::Jar::create(module, 500);
#ifdef FIXED
  const std::uint32_t grams = jar.weigh();
  jar.destroy();
  return grams;
#else
  jar.destroy();
  return jar.weigh();
#endif
}
