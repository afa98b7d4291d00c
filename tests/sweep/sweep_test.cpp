// Every scenario with its first allocation failing, then its second, and so on, until it gets by without one
// that fails: each time the calls must say so, nothing may be left, and the ledger must balance. Once with
// the process's allocator, loading of the module included, and once with one that the host has given to the
// module.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "failing.hpp"
#include "scenarios.hpp"
#include "support/ledger.hpp"
#include "tally/host.h"

namespace sweep {
namespace {

enum class Outcome { good = 0, wrong = 1, nothing_failed = 2 };

constexpr int kRuns = 24;

std::int64_t hosts_blocks = 0;
std::int64_t hosts_bytes = 0;

void* allocate(void*, std::size_t size, std::size_t alignment) {
  void* const memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!memory) return nullptr;
  ++hosts_blocks;
  hosts_bytes += static_cast<std::int64_t>(size);
  return memory;
}
void deallocate(void*, void* memory, std::size_t size, std::size_t) {
  --hosts_blocks;
  hosts_bytes -= static_cast<std::int64_t>(size);
  std::free(memory);
}
constexpr tally_allocator kHosts{allocate, nullptr, deallocate, nullptr};

int complain(const char* what, std::int64_t count) {
  std::fprintf(stderr, "  %s: %lld\n", what, static_cast<long long>(count));
  return 1;
}

// Loads, plays, unloads. Returns what went wrong.
int play(const Scenario& scenario, const char* path, bool is_hosts) {
  tally_module_options options{};
  options.size = sizeof options;
  options.allocator = is_hosts ? &kHosts : nullptr;
  tally_error error{};
  tally_module* const module = tally_module_load_with(path, &options, &error);
  if (!module) {
    const bool is_clear = error.status == TALLY_OUT_OF_MEMORY || error.status == TALLY_SYSTEM_ERROR;
    return is_clear ? 0 : complain("load answered", error.status);
  }
  int wrong = 0;
  const property_api* const api = property_api_of(module, &error);
  if (api) {
    scenario.play(*api);
    if (const std::uint64_t count = held(); count != 0)
      wrong += complain("still held", static_cast<std::int64_t>(count));
  } else if (error.status != TALLY_OUT_OF_MEMORY) {
    wrong += complain("property_api_of answered", error.status);
  }
  if (const tally_status status = tally_module_unload(module); status < 0)
    wrong += complain("unload answered", status);
  return wrong + surprises();
}

// How many blocks more there are after some runs. The dynamic linker and libtally's list of modules that have
// gone come and go by a few, whatever fails; what is left by each run is left by all.
std::int64_t growth(const Scenario& scenario, const char* path, bool is_hosts, std::uint64_t n, int* wrong) {
  const std::int64_t before = outstanding();
  for (int i = 0; i < kRuns; ++i) {
    fail_at(n);
    *wrong += play(scenario, path, is_hosts);
    fail_at(0);
  }
  return outstanding() - before;
}

Outcome sweep_once(const Scenario& scenario, const char* path, bool is_hosts, std::uint64_t n) {
  int wrong = play(scenario, path, is_hosts);  // what stays for good is there from here on
  const std::int64_t usual = growth(scenario, path, is_hosts, 0, &wrong);
  const std::int64_t failing = growth(scenario, path, is_hosts, n, &wrong);
  if (failing > usual + kRuns / 2) wrong += complain("blocks of memory that are left", failing - usual);
  wrong += play(scenario, path, is_hosts);  // what failed has left no trace
  if (hosts_blocks != 0) wrong += complain("blocks of the host's that are left", hosts_blocks);
  if (hosts_bytes != 0)
    wrong += complain("bytes of the host's that were not given back as taken", hosts_bytes);
  if (wrong != 0) return Outcome::wrong;
  return has_failed() ? Outcome::good : Outcome::nothing_failed;
}

// In a process of its own, so that one that crashes is known by its number, and none disturbs the next.
Outcome sweep_apart(const Scenario& scenario, const char* path, bool is_hosts, std::uint64_t n) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    _exit(static_cast<int>(sweep_once(scenario, path, is_hosts, n)));
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status)) std::fprintf(stderr, "  died of signal %d\n", WTERMSIG(status));
  return WIFEXITED(status) ? static_cast<Outcome>(WEXITSTATUS(status)) : Outcome::wrong;
}

bool sweep(const Scenario& scenario, const char* path, bool is_hosts) {
  constexpr std::uint64_t kMost = 100'000;
  bool is_good = true;
  for (std::uint64_t n = 1; n < kMost; ++n) {
    const Outcome outcome = sweep_apart(scenario, path, is_hosts, n);
    if (outcome == Outcome::nothing_failed) {
      std::printf("%s%s: %llu allocations\n", scenario.name, is_hosts ? ", with the host's allocator" : "",
                  static_cast<unsigned long long>(n - 1));
      return is_good;
    }
    if (outcome == Outcome::good) continue;
    is_good = false;
    std::fprintf(stderr, "%s%s: wrong with allocation %llu failing\n", scenario.name,
                 is_hosts ? ", with the host's allocator" : "", static_cast<unsigned long long>(n));
  }
  return false;
}

}  // namespace
}  // namespace sweep

// sweep_test MODULE
int main(int, char** arguments) {
  bool is_good = true;
  for (const sweep::Scenario& scenario : sweep::scenarios()) {
    is_good &= sweep::sweep(scenario, arguments[1], false);
    is_good &= sweep::sweep(scenario, arguments[1], true);
  }
  return is_good ? 0 : 1;
}
