// See memory.hpp.
#include "tally/runtime/memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "tally/memory.hpp"
#include "tally/runtime/interface.hpp"

namespace tally::runtime {
namespace {

constexpr std::size_t kMallocAlignment = alignof(std::max_align_t);

void* allocate_here(std::size_t size, std::size_t alignment) noexcept {
  if (alignment <= kMallocAlignment) return std::malloc(std::max<std::size_t>(size, 1));
  return std::aligned_alloc(alignment,
                            (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment);
}

bool is_same(const tally_allocator& a, const tally_allocator& b) noexcept {
  return a.allocate == b.allocate && a.reallocate == b.reallocate && a.free == b.free && a.user == b.user;
}

}  // namespace

constinit Memory module_memory;

void Memory::reserve(std::size_t size) {
  const std::uint64_t before = bytes_.fetch_add(size, std::memory_order_relaxed);
  if (most_bytes_ == 0 || (size <= most_bytes_ && before <= most_bytes_ - size)) return;
  unreserve(size);
  throw LimitReached(size, before, most_bytes_);
}

void* Memory::allocate(std::size_t size, std::size_t alignment) {
  reserve(size);
  void* const memory = allocator_.allocate ? allocator_.allocate(allocator_.user, size, alignment)
                                           : allocate_here(size, alignment);
  if (memory) return memory;
  unreserve(size);
  throw std::bad_alloc();
}

void* Memory::reallocate(void* memory, std::size_t old_size, std::size_t size, std::size_t alignment) {
  const bool is_simple = !allocator_.allocate && alignment <= kMallocAlignment;
  if (!is_simple && !allocator_.reallocate) {
    void* const moved = allocate(size, alignment);
    std::memcpy(moved, memory, std::min(old_size, size));
    free(memory, old_size, alignment);
    return moved;
  }
  reserve(size);
  void* const moved = is_simple ? std::realloc(memory, std::max<std::size_t>(size, 1))
                                : allocator_.reallocate(allocator_.user, memory, old_size, size, alignment);
  unreserve(moved ? old_size : size);
  if (!moved) throw std::bad_alloc();
  return moved;
}

void Memory::free(void* memory, std::size_t size, std::size_t alignment) noexcept {
  unreserve(size);
  if (allocator_.allocate) {
    allocator_.free(allocator_.user, memory, size, alignment);
  } else {
    std::free(memory);
  }
}

bool Memory::use(const tally_module_options& options, bool is_in_use) noexcept {
  if (options.allocator) {
    const bool has_one = is_in_use || bytes() != 0 || allocator_.allocate;
    if (has_one && !is_same(allocator_, *options.allocator)) return false;
    allocator_ = *options.allocator;
  }
  if (options.most_handles) most_handles_ = options.most_handles;
  if (options.most_bytes) most_bytes_ = options.most_bytes;
  return true;
}

void Memory::reset() noexcept {
  allocator_ = {};
  most_handles_ = 0;
  most_bytes_ = 0;
}

}  // namespace tally::runtime

namespace tally {
namespace {

class ModuleResource final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    return runtime::module_memory.allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    runtime::module_memory.free(memory, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

// Never destroyed: an author's statics may hold containers that give memory back at the very end.
union Forever {
  constexpr Forever() : resource() {}
  ~Forever() {}  // NOLINT(modernize-use-equals-default): of a union, that would be deleted
  ModuleResource resource;
};

}  // namespace

std::pmr::memory_resource* memory() noexcept {
  static Forever forever;
  return &forever.resource;
}

}  // namespace tally
