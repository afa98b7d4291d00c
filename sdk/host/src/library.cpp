// See library.hpp.
#include "library.hpp"

#include <dlfcn.h>
#include <pthread.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "failure.hpp"

namespace tally::host {
namespace {

struct Lengthened {
  Lengthened* next;

  void* table() { return this + 1; }
};

pthread_mutex_t lock =
    PTHREAD_MUTEX_INITIALIZER;  // for all below; a std::mutex would want the C++ runtime library
Library* first = nullptr;

struct Locked {
  Locked() { pthread_mutex_lock(&lock); }
  ~Locked() { pthread_mutex_unlock(&lock); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
};

constinit tally_fork_locks all_locks = {nullptr, [] { pthread_mutex_lock(&lock); },
                                        [] { pthread_mutex_unlock(&lock); }};

// A libtally of another major, or too old to know of locks, loads nothing that would need them.
const tally_core* that_forks() {
  const tally_core* const services = core();
  return services && services->size >= TALLY_CORE_FIRST_SIZE ? services : nullptr;
}

// A forked child does not find it taken.
[[gnu::constructor]] void survive_forks() {
  if (const tally_core* const services = that_forks()) services->fork_add(&all_locks);
}

// What this is linked into may be a plugin, and about to be unmapped.
[[gnu::destructor]] void leave_forks() {
  if (const tally_core* const services = that_forks()) services->fork_remove(&all_locks);
}

}  // namespace

struct Library {
  Library* next;
  void* handle;
  std::uint32_t modules;
  Lengthened* lengthened;
};

namespace {

// Under the lock.
void forget(Library* library) {
  Library** link = &first;
  while (*link != library) link = &(*link)->next;
  *link = library->next;
  while (Lengthened* const each = library->lengthened) {
    library->lengthened = each->next;
    std::free(each);
  }
  std::free(library);
}

}  // namespace

Library* acquire_library(void* handle) noexcept {
  const Locked locked;
  Library* library = first;
  while (library && library->handle != handle) library = library->next;
  if (!library) {
    library = static_cast<Library*>(std::calloc(1, sizeof(Library)));
    if (!library) return nullptr;
    library->handle = handle;
    library->next = first;
    first = library;
  }
  ++library->modules;
  return library;
}

// Unloading runs the library's own code, and waits for a fork that is under way: not under the lock.
void release_library(Library* library) noexcept {
  void* const handle = library->handle;
  {
    const Locked locked;
    if (--library->modules == 0) forget(library);
  }
  dlclose(handle);
}

const tally_table_header* lengthen(Library& library, const tally_table_header& shorter,
                                   const tally_table_header& own) noexcept {
  auto* const made = static_cast<Lengthened*>(std::malloc(sizeof(Lengthened) + own.size));
  if (!made) return nullptr;
  std::memcpy(made->table(), &own, own.size);
  std::memcpy(made->table(), &shorter, shorter.size);
  const Locked locked;
  made->next = library.lengthened;
  library.lengthened = made;
  return static_cast<const tally_table_header*>(made->table());
}

}  // namespace tally::host
