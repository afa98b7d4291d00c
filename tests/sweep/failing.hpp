// The process's allocation functions, of which the n-th from now on fails.
#pragma once

#include <cstdint>

namespace sweep {

/// From now on the n-th allocation of any kind fails, and only that; 0: none does.
void fail_at(std::uint64_t n);
/// Whether it has come to that.
bool has_failed();

/// Blocks of memory that were allocated and not freed.
std::int64_t outstanding();

}  // namespace sweep
