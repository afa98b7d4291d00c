// An owner is given to free.
#include <cstdlib>

#include "shelf.hpp"

void misuse(const shelf::Module& module) {
  shelf::Jar jar = shelf::Jar::create(module, 500);
#ifdef FIXED
  jar.destroy();
#else
  std::free(jar);
#endif
}
