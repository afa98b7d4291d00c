// What is done while an allocation fails: all ways of owning, through a module's table. A scenario allocates
// nothing itself, takes every failure as it comes, and gives back whatever it has got.
#pragma once

#include <span>

#include "property.h"

namespace sweep {

struct Scenario {
  const char* name;
  void (*play)(const property_api& api);
};

std::span<const Scenario> scenarios();

/// How often a call answered something else than success, what the scenario wants, or OUT_OF_MEMORY; and how
/// often a call that must not fail did. Each is written to stderr.
int surprises();

}  // namespace sweep
