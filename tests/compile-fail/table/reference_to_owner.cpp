// An owner is made of a reference: a right to call is none to destroy.
#include "shelf.hpp"

std::uint32_t misuse(const shelf::Module& module, shelf::StampRef stamp) {
#ifdef FIXED
  (void)module;
  const shelf::Stamp owner = stamp.retain();
#else
  (void)module;
  const shelf::Stamp owner = stamp;
#endif
  return owner.value();
}
