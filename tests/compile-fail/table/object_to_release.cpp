// An owner that is the only one is released as one of many: there is no such thing.
#include "shelf.hpp"

void misuse(const shelf::Module& module) {
  shelf::Jar jar = shelf::Jar::create(module, 500);
#ifdef FIXED
  jar.destroy();
#else
  jar.release();
#endif
}
