// See failing.hpp. Defined in the program, these stand in for the C library's in all of its shared libraries,
// too.
#include "failing.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace sweep {
namespace {

constinit std::atomic<std::uint64_t> left{0};  // allocations until the one that fails, which it counts
constinit std::atomic<bool> failed{false};
constinit std::atomic<std::int64_t> blocks{0};

void* counted(void* memory) {
  if (memory) blocks.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

bool is_to_fail() {
  if (left == 0 || left.fetch_sub(1) != 1) return false;
  failed = true;
  errno = ENOMEM;
  return true;
}

}  // namespace

void fail_at(std::uint64_t n) {
  if (n != 0) failed = false;
  left = n;
}

bool has_failed() {
  return failed;
}

std::int64_t outstanding() {
  return blocks;
}

}  // namespace sweep

extern "C" {

void* malloc(std::size_t size) {
  return sweep::is_to_fail() ? nullptr : sweep::counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) {
  return sweep::is_to_fail() ? nullptr : sweep::counted(__libc_calloc(count, size));
}

void* realloc(void* memory, std::size_t size) {
  if (sweep::is_to_fail()) return nullptr;
  void* const moved = __libc_realloc(memory, size);
  return memory ? moved : sweep::counted(moved);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return sweep::is_to_fail() ? nullptr : sweep::counted(__libc_memalign(alignment, size));
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  if (sweep::is_to_fail()) return ENOMEM;
  *out = sweep::counted(__libc_memalign(alignment, size));
  return *out ? 0 : ENOMEM;
}

void free(void* memory) {
  if (memory) sweep::blocks.fetch_sub(1, std::memory_order_relaxed);
  __libc_free(memory);
}

void* mmap(void* address, std::size_t size, int protection, int flags, int file, off_t offset) {
  if (sweep::is_to_fail()) return MAP_FAILED;
  return reinterpret_cast<void*>(syscall(SYS_mmap, address, size, protection, flags, file, offset));
}
}
