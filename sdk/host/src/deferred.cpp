// Destructors that wait for somebody: running those that this thread may run, and waiting for the others.
#include <time.h>

#include <algorithm>
#include <cstdint>

#include "failure.hpp"
#include "tally/ledger.h"

using tally::host::core;

namespace {

// Destructors may start modules, so they run after the list has been read and not while it is.
struct Providers {
  static constexpr std::size_t kMost = 1024;
  tally_provider* each[kMost];
  std::size_t count = 0;
};

int note(tally_provider* provider, void* user) {
  Providers& providers = *static_cast<Providers*>(user);
  providers.each[providers.count++] = provider;
  return providers.count == Providers::kMost;
}

std::uint64_t collect(const tally_core& services) {
  Providers providers;
  services.providers(note, &providers);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < providers.count; ++i) count += providers.each[i]->collect(providers.each[i]);
  return count;
}

// What is deferred, and how much of it another thread can bring to its end.
struct Deferred {
  std::uint64_t own_thread;
  std::uint64_t all = 0;
  std::uint64_t others = 0;
};

int count_entry(const tally_entry* entry, void* user) {
  Deferred& deferred = *static_cast<Deferred*>(user);
  if (!entry->deferred) return 0;
  ++deferred.all;
  if (!entry->confined || entry->thread != deferred.own_thread) ++deferred.others;
  return 0;
}

const tally_thread& this_thread(const tally_core& services) {
  return *reinterpret_cast<const tally_thread*>(static_cast<const char*>(__builtin_thread_pointer()) +
                                                services.thread_offset);
}

constexpr std::uint64_t kSecond = 1'000'000'000;

std::uint64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * kSecond + static_cast<std::uint64_t>(time.tv_nsec);
}

// A signal may end it early: whoever waits looks again anyway.
void sleep(std::uint64_t nanoseconds) {
  const timespec time{static_cast<time_t>(nanoseconds / kSecond), static_cast<long>(nanoseconds % kSecond)};
  nanosleep(&time, nullptr);
}

}  // namespace

extern "C" uint64_t tally_collect(void) {
  const tally_core* const services = core();
  return services ? collect(*services) : 0;
}

extern "C" uint64_t tally_wait(const char* module, uint32_t milliseconds) {
  constexpr std::uint64_t kFirstPause = 50'000;  // nanoseconds
  constexpr std::uint64_t kLongestPause = 5'000'000;
  const tally_core* const services = core();
  if (!services) return 0;
  const tally_thread& thread = this_thread(*services);
  const std::uint64_t end = now() + milliseconds * std::uint64_t{1'000'000};
  for (std::uint64_t pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
    collect(*services);
    Deferred deferred{thread.identity};
    tally_ledger_live(module, count_entry, &deferred);
    const std::uint64_t time = now();
    if (deferred.others == 0 || thread.depth != 0 || time >= end) return deferred.all;
    sleep(std::min(pause, end - time));
  }
}
