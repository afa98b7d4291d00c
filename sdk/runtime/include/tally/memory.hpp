// The module's own memory, for its author's containers: what the host has chosen when it opened the module.
#pragma once

#include <memory_resource>

namespace tally {

/// Allocates as the host has said (its allocator, its limit on bytes), and counts what the module holds:
/// std::pmr::vector<int> numbers(tally::memory()). Past the limit it throws std::bad_alloc, which callers see
/// as LIMIT_REACHED. Any thread. Lives as long as the module.
std::pmr::memory_resource* memory() noexcept;

}  // namespace tally
