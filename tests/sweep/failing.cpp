// See failing.hpp.
#include "failing.hpp"

#include <atomic>

namespace sweep {
namespace {

constinit Failure planned{};  // written when no other thread allocates
constinit std::atomic<std::uint64_t> count{0};
constinit std::atomic<std::uint64_t> failed{0};
constinit std::atomic<std::int64_t> blocks{0};
constinit Place counts_here = nullptr;

}  // namespace

Failing::Failing(Failure failure) {
  planned = failure;
  count = 0;
  failed = 0;
}

Failing::~Failing() {
  planned = {};
}

void fail_only(Place here) {
  counts_here = here;
}

std::uint64_t failures() {
  return failed;
}

bool is_to_fail(Whose whose) {
  if (planned.n == 0 || planned.whose != whose || (counts_here && !counts_here())) return false;
  const std::uint64_t number = ++count;
  if (planned.how_long == HowLong::once ? number != planned.n : number < planned.n) return false;
  ++failed;
  return true;
}

void count_block(int change) {
  blocks.fetch_add(change, std::memory_order_relaxed);
}

std::int64_t outstanding() {
  return blocks;
}

}  // namespace sweep
