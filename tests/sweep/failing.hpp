// Allocations of which the n-th from now on fails: the process's (process.cpp), or those that go through the
// allocator which a host gives to its modules (host.cpp).
#pragma once

#include <cstdint>

#include "tally/allocator.h"

namespace sweep {

enum class Whose { process, host };
enum class HowLong {
  once,
  for_good  ///< no memory is left from then on
};

struct Failure {
  Whose whose = Whose::process;
  HowLong how_long = HowLong::once;
  std::uint64_t n = 0;  ///< the first that fails, counted from 1; 0: none does
};

/// From now on allocations fail as said, for as long as it lives.
class Failing {
 public:
  explicit Failing(Failure failure);
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
  ~Failing();
};

/// Only where this says so are allocations counted, and fail. Everywhere if it is never called.
using Place = bool (*)();
void fail_only(Place here);

/// How many allocations have failed since the last Failing began.
std::uint64_t failures();

/// For the allocators: whether this one is to fail.
bool is_to_fail(Whose whose);
/// For the process's allocators: a block has come, or gone.
void count_block(int change);
/// Blocks of the process's memory that were allocated and not freed; 0 where they can't be counted.
std::int64_t outstanding();

/// What a host gives to its modules to allocate with.
extern const tally_allocator hosts_allocator;
/// Whether all that was allocated with it has been freed, as it was allocated: with its size and alignment.
bool is_host_even();

}  // namespace sweep
