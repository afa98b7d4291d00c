// The allocator that a host gives to its modules. Each block remembers its size and alignment, which have to
// be said again when it is freed.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>

#include "failing.hpp"

namespace sweep {
namespace {

constinit std::atomic<std::int64_t> blocks{0};
constinit std::atomic<bool> was_mismatched{false};

struct Header {
  std::size_t size;
  std::size_t alignment;
};

// What lies before a block: as much as its alignment wants.
std::size_t room(std::size_t alignment) {
  return std::max(alignment, sizeof(Header));
}

void* allocate(void*, std::size_t size, std::size_t alignment) {
  constexpr std::size_t kMost = std::size_t{1} << 46;  // more there can't be
  if (size > kMost || is_to_fail(Whose::host)) return nullptr;
  const std::size_t before = room(alignment);
  const std::size_t whole = (before + size + before - 1) / before * before;
  char* const memory = static_cast<char*>(std::aligned_alloc(before, whole));
  if (!memory) return nullptr;
  ++blocks;
  const Header header{size, alignment};
  std::memcpy(memory + before - sizeof header, &header, sizeof header);
  return memory + before;
}

void deallocate(void*, void* memory, std::size_t size, std::size_t alignment) {
  Header header;
  std::memcpy(&header, static_cast<char*>(memory) - sizeof header, sizeof header);
  if (header.size != size || header.alignment != alignment) was_mismatched = true;
  --blocks;
  std::free(static_cast<char*>(memory) - room(header.alignment));
}

void* reallocate(void* user, void* memory, std::size_t old_size, std::size_t size, std::size_t alignment) {
  void* const moved = allocate(user, size, alignment);
  if (!moved) return nullptr;
  std::memcpy(moved, memory, std::min(old_size, size));
  deallocate(user, memory, old_size, alignment);
  return moved;
}

}  // namespace

constinit const tally_allocator hosts_allocator{allocate, reallocate, deallocate, nullptr};

bool is_host_even() {
  return blocks == 0 && !was_mismatched;
}

}  // namespace sweep
