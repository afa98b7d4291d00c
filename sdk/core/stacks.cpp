// Sites that are more than one address: stacks, where they are asked for. Each is kept once, for good, and a
// site is its number: so an entry, a group and a report hold one word as ever.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "array.hpp"
#include "index.hpp"
#include "lock.hpp"
#include "services.hpp"
#include "writer.hpp"

namespace tally::core {
namespace {

constexpr std::uint32_t kMostStacks = 1u << 20;  // a program that has more keeps the first ones
constexpr std::uint32_t kUsualFrames = 8;
constexpr std::uint32_t kOwnFrames = 6;  // of Tallystick's own, above the call, at most
constexpr std::uint64_t kAddressMask = (std::uint64_t{1} << 48) - 1;

/// Its calls are behind it, the innermost first.
struct Stack {
  std::uint64_t hash;
  std::uint32_t count;

  tally_site* calls() { return reinterpret_cast<tally_site*>(this + 1); }
  const tally_site* calls() const { return reinterpret_cast<const tally_site*>(this + 1); }
};

using Take = int (*)(void** frames, int capacity);

constinit Lock& lock = locks.stacks;
constinit Array<Stack*> stacks;  // their numbers begin at 1
constinit Index index;
constinit Take take = nullptr;
constinit std::uint32_t one_in = 0;
constinit std::uint32_t most_frames = kUsualFrames;

std::uint64_t hash_of(const tally_site* calls, std::uint32_t count) {
  std::uint64_t hash = count;
  for (std::uint32_t i = 0; i < count; ++i) hash = (hash ^ calls[i]) * 0x9E3779B97F4A7C15u;
  return hash;
}

bool is_made_of(const Stack& stack, const tally_site* calls, std::uint32_t count) {
  return stack.count == count && std::memcmp(stack.calls(), calls, count * sizeof(tally_site)) == 0;
}

Stack* add(std::uint64_t hash, const tally_site* calls, std::uint32_t count) {
  if (stacks.size() >= kMostStacks) return nullptr;
  auto* const stack = static_cast<Stack*>(std::malloc(sizeof(Stack) + count * sizeof(tally_site)));
  if (!stack) return nullptr;
  stack->hash = hash;
  stack->count = count;
  std::memcpy(stack->calls(), calls, count * sizeof(tally_site));
  if (stacks.push(stack)) return stack;
  std::free(stack);
  return nullptr;
}

/// 0 without memory, and when there are too many.
tally_site site_of(const tally_site* calls, std::uint32_t count) {
  const std::uint64_t hash = hash_of(calls, count);
  const Locked locked(lock);
  std::uint32_t* const bucket = index.find(
      hash, stacks.size(), [&](std::uint32_t number) { return is_made_of(*stacks[number], calls, count); },
      [](std::uint32_t number) { return stacks[number]->hash; });
  if (!bucket || (*bucket == 0 && !add(hash, calls, count))) return 0;
  if (*bucket == 0) *bucket = static_cast<std::uint32_t>(stacks.size());
  return std::uint64_t{TALLY_SITE_STACK} << 48 | *bucket;
}

const Stack* stack_of(tally_site site) {
  if (site >> 48 != TALLY_SITE_STACK) return nullptr;
  const Locked locked(lock);
  const std::uint64_t number = site & kAddressMask;
  return number != 0 && number <= stacks.size() ? stacks[number - 1] : nullptr;
}

/// "stack", "stack:16" (frames), "stack/200" (one in so many), "stack:16/200". False: none of these.
bool understand(const char* setting, std::uint32_t* frames, std::uint32_t* every) {
  if (std::strncmp(setting, "stack", 5) != 0) return false;
  char* end = const_cast<char*>(setting) + 5;
  if (*end == ':') *frames = static_cast<std::uint32_t>(std::strtoul(end + 1, &end, 10));
  if (*end == '/') *every = static_cast<std::uint32_t>(std::strtoul(end + 1, &end, 10));
  return *end == '\0' && *frames >= 1 && *frames <= kMostFrames && *every >= 1;
}

}  // namespace

void start_stacks() {
  const char* const setting = std::getenv("TALLY_SITES");
  if (!setting || setting[0] == '\0' || std::strcmp(setting, "call") == 0) return;
  std::uint32_t frames = kUsualFrames;
  std::uint32_t every = 1;
  Writer err(STDERR_FILENO);
  if (!understand(setting, &frames, &every)) {
    err.print(
        "tallystick: TALLY_SITES is '%s', which is neither 'call' nor 'stack[:FRAMES][/N]' (1 to %u frames, "
        "of one creation in N); "
        "taken for 'call'\n",
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
  const std::uint32_t wanted = __atomic_load_n(&most_frames, __ATOMIC_RELAXED);
  const int taken = taker(addresses, static_cast<int>(kOwnFrames + wanted));
  int first = 0;
  while (first < taken && addresses[first] != caller) ++first;
  tally_site calls[kMostFrames];
  std::uint32_t count = 0;
  for (int i = first; i < taken && count < wanted; ++i)
    calls[count++] =
        (plain & ~kAddressMask) | (reinterpret_cast<std::uintptr_t>(addresses[i]) & kAddressMask);
  const tally_site site = count > 1 ? site_of(calls, count) : 0;
  return site ? site : plain;
}

std::size_t site_stack(tally_site site, tally_site* calls, std::size_t capacity) {
  const Stack* const stack = stack_of(site);
  const bool is_one = !stack && site != 0 && site >> 48 != TALLY_SITE_STACK;
  if (is_one && capacity != 0) calls[0] = site;
  if (!stack) return is_one ? 1 : 0;
  for (std::size_t i = 0; i < stack->count && i < capacity; ++i) calls[i] = stack->calls()[i];
  return stack->count;
}

tally_site call_of(tally_site site) {
  const Stack* const stack = stack_of(site);
  return stack ? stack->calls()[0] : site;
}

void take_no_more() {
  mark_epoch(TALLY_EPOCH_STACKS, false);
}

}  // namespace tally::core
