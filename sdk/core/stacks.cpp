// Sites that are more than one address: stacks, where they are asked for, and places in scripts. Each is kept
// once, for good, and a site is its number: so an entry, a group and a report hold one word as ever.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "array.hpp"
#include "lock.hpp"
#include "services.hpp"
#include "writer.hpp"

namespace tally::core {
namespace {

constexpr std::uint32_t kMostDeep = 1u << 20;  // a program that asks for more has its first ones
constexpr unsigned kMostFrames = 64;
constexpr unsigned kUsualFrames = 8;
constexpr unsigned kOwnFrames = 16;  // of Tallystick's own, above the call, at most

/// A stack, innermost call first, or (without frames) a place: the text is behind the struct.
struct Deep {
  std::uint64_t hash;
  std::uint32_t frames;
  std::uint32_t size;  // in bytes, of what follows

  const tally_site* sites() const { return reinterpret_cast<const tally_site*>(this + 1); }
  const char* text() const { return reinterpret_cast<const char*>(this + 1); }
};

using Take = int (*)(void** frames, int capacity);

constinit Lock& lock = locks.stacks;
constinit Array<Deep*> deep_sites;
constinit std::uint32_t* buckets = nullptr;  // numbers of deep sites, from 1; 0: free
constinit std::size_t bucket_count = 0;      // a power of two
constinit Take take = nullptr;
constinit std::uint32_t one_in = 0;
constinit unsigned most_frames = kUsualFrames;

std::uint64_t hash_of(const void* data, std::size_t size) {
  std::uint64_t hash = 14695981039346656037u;
  for (std::size_t i = 0; i < size; ++i)
    hash = (hash ^ static_cast<const unsigned char*>(data)[i]) * 1099511628211u;
  return hash;
}

std::size_t bucket_of(std::uint64_t hash, std::size_t count) {
  return static_cast<std::size_t>(hash ^ (hash >> 29)) & (count - 1);
}

bool make_room() {
  if (deep_sites.size() * 2 < bucket_count) return true;
  const std::size_t count = bucket_count ? bucket_count * 2 : 256;
  auto* const grown = static_cast<std::uint32_t*>(std::calloc(count, sizeof(std::uint32_t)));
  if (!grown) return false;
  for (std::uint32_t number = 0; number < deep_sites.size(); ++number) {
    std::size_t at = bucket_of(deep_sites[number]->hash, count);
    while (grown[at]) at = (at + 1) & (count - 1);
    grown[at] = number + 1;
  }
  std::free(buckets);
  buckets = grown;
  bucket_count = count;
  return true;
}

tally_site site_with(std::uint32_t number) {
  return std::uint64_t{TALLY_SITE_DEEP} << 48 | number;
}

/// The one site with these contents; 0 without memory, and when there are too many.
tally_site intern(std::uint32_t frames, const void* data, std::uint32_t size) {
  const std::uint64_t hash = hash_of(data, size) + frames;
  const Locked locked(lock);
  if (!make_room()) return 0;
  std::size_t at = bucket_of(hash, bucket_count);
  for (; buckets[at]; at = (at + 1) & (bucket_count - 1)) {
    const Deep& known = *deep_sites[buckets[at] - 1];
    if (known.hash == hash && known.frames == frames && known.size == size &&
        std::memcmp(&known + 1, data, size) == 0)
      return site_with(buckets[at]);
  }
  if (deep_sites.size() >= kMostDeep) return 0;
  auto* const made = static_cast<Deep*>(std::malloc(sizeof(Deep) + size));
  if (!made) return 0;
  *made = {hash, frames, size};
  std::memcpy(static_cast<void*>(made + 1), data, size);
  if (!deep_sites.push(made)) {
    std::free(made);
    return 0;
  }
  buckets[at] = static_cast<std::uint32_t>(deep_sites.size());
  return site_with(buckets[at]);
}

const Deep* deep_with(tally_site site) {
  if (site >> 48 != TALLY_SITE_DEEP) return nullptr;
  const Locked locked(lock);
  const std::uint64_t number = site & ((std::uint64_t{1} << 48) - 1);
  return number != 0 && number <= deep_sites.size() ? deep_sites[number - 1] : nullptr;
}

/// "stack", "stack:16" (frames), "stack/200" (one in so many), "stack:16/200". False: none of these.
bool understand(const char* setting, unsigned* frames, std::uint32_t* every) {
  if (std::strncmp(setting, "stack", 5) != 0) return false;
  char* end = const_cast<char*>(setting) + 5;
  if (*end == ':') *frames = static_cast<unsigned>(std::strtoul(end + 1, &end, 10));
  if (*end == '/') *every = static_cast<std::uint32_t>(std::strtoul(end + 1, &end, 10));
  return *end == '\0' && *frames >= 1 && *frames <= kMostFrames && *every >= 1;
}

}  // namespace

void start_stacks() {
  const char* const setting = std::getenv("TALLY_SITES");
  if (!setting || setting[0] == '\0' || std::strcmp(setting, "call") == 0) return;
  unsigned frames = kUsualFrames;
  std::uint32_t every = 1;
  Writer err(2);
  if (!understand(setting, &frames, &every)) {
    err.print(
        "tallystick: TALLY_SITES is '%s', which is neither 'call' nor 'stack[:FRAMES][/N]' (1 to %u frames; "
        "of one "
        "creation in N); taken for 'call'\n",
        setting, kMostFrames);
  } else if (keep_stacks(every, frames) != TALLY_OK) {
    err.print(
        "tallystick: TALLY_SITES is '%s', but libtally_stacks.so.1, which takes stacks, is not there beside "
        "libtally (is libunwind installed?); taken for 'call'\n",
        setting);
  }
}

tally_status keep_stacks(std::uint32_t every, std::uint32_t frames) {
  if (frames > kMostFrames) return TALLY_INVALID_ARGUMENT;
  if (every != 0 && !__atomic_load_n(&take, __ATOMIC_ACQUIRE)) {
    void* const library = open_beside("libtally_stacks.so.1");
    const Take found = library ? reinterpret_cast<Take>(function_in(library, "tally_stacks_take")) : nullptr;
    if (!found) return TALLY_NOT_SUPPORTED;
    void* first[1];
    found(first, 1);  // what libunwind does only once, it does here
    __atomic_store_n(&take, found, __ATOMIC_RELEASE);
  }
  __atomic_store_n(&one_in, every, __ATOMIC_RELAXED);
  if (frames != 0) __atomic_store_n(&most_frames, frames, __ATOMIC_RELAXED);
  mark_epoch(TALLY_EPOCH_STACKS, every != 0);
  return TALLY_OK;
}

tally_site stack_site(const void* caller, tally_site plain) {
  tally_thread& thread = this_thread();
  thread.until_stack = __atomic_load_n(&one_in, __ATOMIC_RELAXED);
  const Take taker = __atomic_load_n(&take, __ATOMIC_ACQUIRE);
  // A real-time thread takes no lock and allocates nothing.
  if (!taker || thread.until_stack == 0 || thread.ends_as != thread.identity) return plain;
  void* addresses[kOwnFrames + kMostFrames];
  const unsigned wanted = __atomic_load_n(&most_frames, __ATOMIC_RELAXED);
  const int taken = taker(addresses, static_cast<int>(kOwnFrames + wanted));
  int first = 0;
  while (first < taken && addresses[first] != caller) ++first;
  if (first == taken) return plain;
  tally_site sites[kMostFrames];
  std::uint32_t count = 0;
  for (int i = first; i < taken && count < wanted; ++i)
    sites[count++] = (plain >> 48 << 48) |
                     (reinterpret_cast<std::uintptr_t>(addresses[i]) & ((std::uint64_t{1} << 48) - 1));
  if (count == 1) return plain;
  const tally_site site = intern(count, sites, count * static_cast<std::uint32_t>(sizeof(tally_site)));
  return site ? site : plain;
}

tally_site place_site(const char* text) {
  mark_epoch(TALLY_EPOCH_PLACES, true);
  return intern(0, text, static_cast<std::uint32_t>(std::strlen(text)) + 1);
}

std::size_t site_stack(tally_site site, tally_site* frames, std::size_t capacity) {
  const Deep* const deep = deep_with(site);
  if (!deep) {
    const bool is_known = site != 0 && site >> 48 != TALLY_SITE_DEEP;
    if (is_known && capacity != 0) frames[0] = site;
    return is_known ? 1 : 0;
  }
  for (std::size_t i = 0; i < deep->frames && i < capacity; ++i) frames[i] = deep->sites()[i];
  return deep->frames;
}

tally_site call_of(tally_site site) {
  const Deep* const deep = deep_with(site);
  return deep && deep->frames != 0 ? deep->sites()[0] : site;
}

const char* place_of(tally_site site) {
  const Deep* const deep = deep_with(site);
  return deep && deep->frames == 0 ? deep->text() : nullptr;
}

void take_no_more() {
  mark_epoch(TALLY_EPOCH_STACKS, false);
}

}  // namespace tally::core
