// A reference, which may call, is asked to destroy.
#include "shelf.hpp"

void misuse(shelf::Jar& owner, shelf::JarRef reference) {
#ifdef FIXED
  (void)reference;
  owner.destroy();
#else
  (void)owner;
  reference.destroy();
#endif
}
