// See library.hpp.
#include "library.hpp"

#include <dlfcn.h>
#include <pthread.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

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

// A forked child does not find it taken.
[[gnu::constructor]] void survive_forks() {
  pthread_atfork([] { pthread_mutex_lock(&lock); }, [] { pthread_mutex_unlock(&lock); },
                 [] { pthread_mutex_unlock(&lock); });
}

}  // namespace

struct Library {
  Library* next;
  void* handle;
  std::uint32_t modules;
  Lengthened* lengthened;
};

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

void release_library(Library* library) noexcept {
  const Locked locked;
  void* const handle = library->handle;
  if (--library->modules == 0) {
    Library** link = &first;
    while (*link != library) link = &(*link)->next;
    *link = library->next;
    while (Lengthened* const each = library->lengthened) {
      library->lengthened = each->next;
      std::free(each);
    }
    std::free(library);
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
