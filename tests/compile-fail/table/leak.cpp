// A token that was taken out of its owner is forgotten; an owner forgets none.
#include "shelf.hpp"

std::uint32_t misuse(const shelf::Module& module) {
  shelf::Jar jar = shelf::Jar::create(module, 500);
  const std::uint32_t grams = jar.weigh();
#ifndef FIXED
  shelf_jar* const token = jar.detach();
  (void)token;
#endif
  return grams;
}
