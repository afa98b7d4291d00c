// An owner is destroyed twice: the second time it is empty, and that does nothing.
#include "shelf.hpp"

void misuse(const shelf::Module& module) {
  shelf::Jar jar = shelf::Jar::create(module, 500);
  jar.destroy();
#ifndef FIXED
  jar.destroy();
#endif
}
