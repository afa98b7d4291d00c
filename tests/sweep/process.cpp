// The process's allocation functions. Defined in the program, these stand in for the C library's in all of
// its shared libraries, too. Not under sanitizers, which have their own.
#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "failing.hpp"

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace {

bool is_to_fail() {
  if (!sweep::is_to_fail(sweep::Whose::process)) return false;
  errno = ENOMEM;
  return true;
}

void* counted(void* memory) {
  if (memory) sweep::count_block(1);
  return memory;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
  return is_to_fail() ? nullptr : counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) {
  return is_to_fail() ? nullptr : counted(__libc_calloc(count, size));
}

void* realloc(void* memory, std::size_t size) {
  if (is_to_fail()) return nullptr;
  void* const moved = __libc_realloc(memory, size);
  return memory ? moved : counted(moved);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return is_to_fail() ? nullptr : counted(__libc_memalign(alignment, size));
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  if (is_to_fail()) return ENOMEM;
  *out = counted(__libc_memalign(alignment, size));
  return *out ? 0 : ENOMEM;
}

void free(void* memory) {
  if (memory) sweep::count_block(-1);
  __libc_free(memory);
}

void* mmap(void* address, std::size_t size, int protection, int flags, int file, off_t offset) {
  if (is_to_fail()) return MAP_FAILED;
  return reinterpret_cast<void*>(syscall(SYS_mmap, address, size, protection, flags, file, offset));
}
}
