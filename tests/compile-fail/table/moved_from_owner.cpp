// An owner is called after it was moved from: it is empty, and the call throws.
#include <utility>

#include "shelf.hpp"

std::uint32_t misuse(const shelf::Module& module) {
  shelf::Jar jar = shelf::Jar::create(module, 500);
  const shelf::Jar other = std::move(jar);
#ifdef FIXED
  return other.weigh();
#else
  return jar.weigh();
#endif
}
