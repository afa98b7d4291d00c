// An array is given to what takes one of its elements and destroys it.
#include <utility>

#include "shelf.hpp"

void finish(shelf::Jar jar) {
  jar.destroy();
}

void misuse(shelf::Jar& jar, shelf::JarArray& jars) {
#ifdef FIXED
  (void)jars;
  finish(std::move(jar));
#else
  (void)jar;
  finish(std::move(jars));
#endif
}
