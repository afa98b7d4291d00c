// An owner that is the only one is copied.
#include <utility>

#include "shelf.hpp"

void misuse(shelf::Jar& jar) {
#ifdef FIXED
  const shelf::Jar other = std::move(jar);
#else
  const shelf::Jar other = jar;
#endif
  (void)other;
}
