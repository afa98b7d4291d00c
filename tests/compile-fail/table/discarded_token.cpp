// A creator's owner is not even looked at.
#include "shelf.hpp"

void misuse(const shelf::Module& module) {
#ifdef FIXED
  const shelf::Jar jar = shelf::Jar::create(module, 500);
  (void)jar;
#else
  shelf::Jar::create(module, 500);
#endif
}
