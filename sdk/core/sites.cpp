// Sites as text. A site is a return address and the load epoch in which it was taken; which file was mapped
// there in that epoch is remembered for good, so that a site can be named after its module has gone, and
// another has come to its place.
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "array.hpp"
#include "lock.hpp"
#include "services.hpp"

namespace tally::core {
namespace {

constexpr std::uint32_t kLastEpoch = TALLY_SITE_STACK;  // no epoch: a site has 16 bits for it
constexpr std::uint64_t kAddressMask = (std::uint64_t{1} << 48) - 1;

struct Mapping {
  std::uintptr_t start;
  std::uintptr_t end;
  std::uintptr_t base;
  char* path;
  std::uint32_t first_epoch;
  std::uint32_t last_epoch;  // kLastEpoch while it is mapped
  bool seen;                 // by the walk under way
};

constinit Lock& lock = locks.sites;
constinit Array<Mapping> mappings;
constinit std::uint32_t current_epoch = 1;
constinit std::uint32_t published = 1;  // the epoch, and TALLY_EPOCH_... bits above it

struct Range {
  std::uintptr_t start;
  std::uintptr_t end;
};

Range range_of(const dl_phdr_info& object) {
  Range range{UINTPTR_MAX, 0};
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const auto& segment = object.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const std::uintptr_t start = object.dlpi_addr + segment.p_vaddr;
    if (start < range.start) range.start = start;
    if (start + segment.p_memsz > range.end) range.end = start + segment.p_memsz;
  }
  return range;
}

char* path_of(const dl_phdr_info& object) {
  if (object.dlpi_name[0] != '\0') return strdup(object.dlpi_name);
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  path[length > 0 ? length : 0] = '\0';
  return strdup(length > 0 ? path : "program");
}

// The main program's name is "" on every walk; all others are compared by path.
bool is_same(const Mapping& mapping, const dl_phdr_info& object, const Range& range) {
  return mapping.last_epoch == kLastEpoch && mapping.start == range.start && mapping.end == range.end &&
         (object.dlpi_name[0] == '\0' || std::strcmp(mapping.path, object.dlpi_name) == 0);
}

int see(dl_phdr_info* object, std::size_t, void*) {
  const Range range = range_of(*object);
  for (Mapping& mapping : mappings) {
    if (is_same(mapping, *object, range)) {
      mapping.seen = true;
      return 0;
    }
  }
  if (char* const path = path_of(*object)) {
    mappings.push({range.start, range.end, object->dlpi_addr, path, current_epoch, kLastEpoch, true});
  }
  return 0;
}

// Brings the mappings up to date. What came since the last look came in this epoch; what went, went in it.
void look() {
  for (Mapping& mapping : mappings) mapping.seen = false;
  dl_iterate_phdr(see, nullptr);
  for (Mapping& mapping : mappings) {
    if (!mapping.seen && mapping.last_epoch == kLastEpoch) mapping.last_epoch = current_epoch;
  }
}

const Mapping* find(std::uintptr_t address, std::uint32_t at) {
  const Mapping* in_another_epoch = nullptr;
  for (std::size_t i = mappings.size(); i-- > 0;) {
    const Mapping& mapping = mappings[i];
    if (address < mapping.start || address >= mapping.end) continue;
    if (mapping.first_epoch <= at && at <= mapping.last_epoch) return &mapping;
    if (!in_another_epoch) in_another_epoch = &mapping;
  }
  return in_another_epoch;
}

// In a forked child another thread may have the walk's lock for good; so it knows what its parent knew.
constinit bool is_forked = false;

#if !__GLIBC_PREREQ(2, 35)
struct Search {
  std::uintptr_t address;
  bool found;
};

int contains(dl_phdr_info* object, std::size_t, void* user) {
  Search* const search = static_cast<Search*>(user);
  const Range range = range_of(*object);
  search->found = range.start <= search->address && search->address < range.end;
  return search->found;
}
#endif

}  // namespace

const std::uint32_t* epoch() {
  return &published;
}

void mark_epoch(std::uint32_t bits, bool is_set) {
  if (((__atomic_load_n(&published, __ATOMIC_RELAXED) & bits) != 0) == is_set) return;
  if (is_set) {
    __atomic_or_fetch(&published, bits, __ATOMIC_RELEASE);
  } else {
    __atomic_and_fetch(&published, ~bits, __ATOMIC_RELEASE);
  }
}

void next_epoch() {
  const Locked locked(lock);
  is_forked = false;  // it has loaded or unloaded something itself
  look();
  if (current_epoch == kLastEpoch - 1) return;
  ++current_epoch;
  __atomic_add_fetch(&published, 1, __ATOMIC_RELEASE);
}

std::size_t site_text(tally_site site, char* buffer, std::size_t capacity) {
  site = call_of(site);
  const std::uintptr_t address = site & kAddressMask;
  int length = 0;
  if (!address) {
    length = std::snprintf(buffer, capacity, "an unknown place");
  } else {
    const Locked locked(lock);
    if (!is_forked) look();
    // The address is where the call returns to; one less is inside the call, as addr2line wants it.
    const std::uintptr_t call = address - 1;
    if (const Mapping* const mapping = find(call, static_cast<std::uint32_t>(site >> 48))) {
      const char* const slash = std::strrchr(mapping->path, '/');
      length = std::snprintf(buffer, capacity, "%s+0x%zx", slash ? slash + 1 : mapping->path,
                             call - mapping->base);
    } else {
      length = std::snprintf(buffer, capacity, "0x%zx", call);
    }
  }
  return length > 0 ? static_cast<std::size_t>(length) : 0;
}

bool locate(tally_site site, char* path, std::size_t capacity, std::uint64_t* offset) {
  site = call_of(site);
  const Locked locked(lock);
  const std::uintptr_t address = site & kAddressMask;
  const Mapping* const mapping =
      address ? find(address - 1, static_cast<std::uint32_t>(site >> 48)) : nullptr;
  const std::size_t size = mapping ? std::strlen(mapping->path) + 1 : 0;
  if (size == 0 || size > capacity) return false;
  std::memcpy(path, mapping->path, size);
  *offset = address - 1 - mapping->base;
  return true;
}

// Without the lock of dl_iterate_phdr where there is a way.
bool is_mapped(const void* address) {
#if __GLIBC_PREREQ(2, 35)
  dl_find_object found;
  return _dl_find_object(const_cast<void*>(address), &found) == 0;
#else
  Search search{reinterpret_cast<std::uintptr_t>(address), false};
  dl_iterate_phdr(contains, &search);
  return search.found;
#endif
}

void look_before_fork() {
  look();
}

void look_no_more() {
  is_forked = true;
}

}  // namespace tally::core
