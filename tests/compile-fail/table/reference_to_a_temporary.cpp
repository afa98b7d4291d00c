// A reference outlives the owner that it was made of, which ends with the line.
#include "shelf.hpp"

std::uint32_t misuse(const shelf::Module& module) {
#ifdef FIXED
  const shelf::Jar jar = shelf::Jar::create(module, 500);
#else
  const shelf::JarRef jar = shelf::Jar::create(module, 500);
#endif
  return jar.weigh();
}
