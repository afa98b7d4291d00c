// A module is loaded, used and unloaded with the first allocation failing, then the second, and so on, until
// all goes well; and a module that the program is linked to is used for the first time. Each time the failure
// is said, all that was got is given back, and nothing is left.
#include <cstdio>
#include <cstring>

#include "apart.hpp"
#include "conformance.h"
#include "failing.hpp"
#include "support/ledger.hpp"
#include "tally/error.h"

namespace sweep {
namespace {

// What is wrong is counted and said.
int complaints = 0;
void complain(const char* what, long long found, const char* text) {
  ++complaints;
  std::fprintf(stderr, "  %s: %lld: %s\n", what, found, text);
}

// A failure has to be for lack of memory, or what the dynamic linker makes of it, and say of what it is one.
void check(const char* of, const tally_error& error, bool may_be_linkers) {
  const bool is_linkers = may_be_linkers && error.status == TALLY_SYSTEM_ERROR;
  const bool is_said = is_linkers || std::strstr(error.text, "out of memory");
  if ((error.status != TALLY_OUT_OF_MEMORY && !is_linkers) || !is_said ||
      std::strncmp(error.text, of, std::strlen(of)) != 0)
    complain(of, error.status, error.text);
}

void check_unloaded(tally_module* module) {
  if (const tally_status status = tally_module_unload(module); status < 0)
    complain("unload", status, tally_last_error()->text);
}

void use(conformance_counter* (*create)(std::int64_t, tally_error*),
         tally_status (*destroy)(conformance_counter*)) {
  tally_error error{};
  conformance_counter* const counter = create(5, &error);
  if (!counter) check("conformance_counter_create: ", error, false);
  if (const tally_status status = destroy(counter); status < 0)
    complain("destroy", status, tally_last_error()->text);
}

// It is opened twice: the second time it is there.
void load(const char* path) {
  tally_error error{};
  tally_module* const module = tally_module_load(path, &error);
  if (!module) return check(path, error, true);
  tally_module* const again = tally_module_load(path, &error);
  if (!again) check(path, error, true);
  const conformance_api* const api = conformance_api_of(module, &error);
  if (api) use(api->counter_create, api->counter_destroy);
  if (!api) check(path, error, false);
  check_unloaded(again);
  check_unloaded(module);
}

void linked(const char*) {
  use(conformance_counter_create, conformance_counter_destroy);
}

struct Scenario {
  const char* name;
  void (*play)(const char* path);
};
constexpr Scenario kScenarios[] = {{"load", load}, {"linked", linked}};

// How many blocks more there are after some runs. The dynamic linker and libtally's list of modules that have
// gone come and go by a few, whatever fails; what is left by each run is left by all.
constexpr int kRuns = 24;
std::int64_t growth(const Scenario& scenario, const char* path, Failure failure, bool* has_failed) {
  const std::int64_t before = outstanding();
  for (int i = 0; i < kRuns; ++i) {
    const Failing failing(failure);
    scenario.play(path);
    *has_failed |= failures() != 0;
  }
  return outstanding() - before;
}

Result run(const Scenario& scenario, const char* path, Failure failure) {
  bool has_failed = false;
  {
    const Failing failing(failure);  // nothing was ever called
    scenario.play(path);
    has_failed = failures() != 0;
  }
  bool is_any = false;
  growth(scenario, path, {}, &is_any);  // what stays for good is there from here on
  const std::int64_t usual = growth(scenario, path, {}, &is_any);
  const std::int64_t failing = growth(scenario, path, failure, &has_failed);
  if (failing > usual + kRuns / 2) complain("blocks of memory that are left", failing - usual, "");
  scenario.play(path);  // what failed has left no trace
  if (const std::uint64_t count = held(); count != 0)
    complain("still held", static_cast<long long>(count), "");
  return {complaints == 0, has_failed, failing};
}

bool sweep(const Scenario& scenario, const char* path, HowLong how_long) {
  const char* const mode = how_long == HowLong::once ? "once" : "for good";
  for (std::uint64_t n = 1;; ++n) {
    const Result result = apart([&] { return run(scenario, path, {Whose::process, how_long, n}); });
    const auto number = static_cast<unsigned long long>(n);
    if (!result.is_good) {
      std::fprintf(stderr, "%s, %s: wrong with allocation %llu failing\n", scenario.name, mode, number);
      return false;
    }
    if (result.has_failed) continue;
    std::printf("%s, %s: %llu allocations\n", scenario.name, mode, number - 1);
    return n > 1;
  }
}

}  // namespace
}  // namespace sweep

// load_test MODULE
int main(int, char** arguments) {
  using namespace sweep;
  bool is_good = true;
  for (const Scenario& scenario : kScenarios) {
    is_good &= sweep::sweep(scenario, arguments[1], HowLong::once);
    is_good &= sweep::sweep(scenario, arguments[1], HowLong::for_good);
  }
  return is_good ? 0 : 1;
}
