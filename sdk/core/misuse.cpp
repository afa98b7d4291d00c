// What happens at a misuse, besides the answer. Modules tell of each; mostly nobody wants to know.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "lock.hpp"
#include "services.hpp"
#include "writer.hpp"

namespace tally::core {
namespace {

constinit Lock& lock = locks.misuses;
constinit int action = TALLY_MISUSE_ANSWER;
constinit tally_misuse_watcher* watchers = nullptr;

// How many of one kind there were. No lock: who is refused may be real-time.
struct Kind {
  std::uint64_t count;
  bool has_first;  // whose text is whole
  tally_error first;
};
constinit Kind kinds[kMisuseKinds] = {};  // by -status; 0 has what no number is known of
constinit bool is_any = false;

std::uint32_t kind_of(tally_status status) {
  const std::int64_t number = -std::int64_t{status};
  return number > 0 && number < kMisuseKinds ? static_cast<std::uint32_t>(number) : 0;
}

void count(const tally_error& error) {
  Kind& kind = kinds[kind_of(error.status)];
  if (__atomic_fetch_add(&kind.count, 1, __ATOMIC_RELAXED) != 0) return;
  std::memcpy(&kind.first, &error, sizeof error);
  __atomic_store_n(&kind.has_first, true, __ATOMIC_RELEASE);
}

int action_named(const char* name) {
  if (!name) return TALLY_MISUSE_ANSWER;
  if (std::strcmp(name, "report") == 0) return TALLY_MISUSE_REPORT;
  if (std::strcmp(name, "trap") == 0) return TALLY_MISUSE_TRAP;
  return std::strcmp(name, "abort") == 0 ? TALLY_MISUSE_ABORT : TALLY_MISUSE_ANSWER;
}

bool has_no_such_name(const char* name) {
  return name && name[0] != '\0' && std::strcmp(name, "answer") != 0 &&
         action_named(name) == TALLY_MISUSE_ANSWER;
}

void act(int what, const tally_error& error) {
  if (what == TALLY_MISUSE_ANSWER) return;
  Writer(STDERR_FILENO).print("tallystick: misuse: %s\n", error.text);
  if (what == TALLY_MISUSE_TRAP) std::raise(SIGTRAP);
  if (what == TALLY_MISUSE_ABORT) std::abort();
}

}  // namespace

void start_misuse() {
  const char* const name = std::getenv("TALLY_ON_MISUSE");
  action = action_named(name);
  if (has_no_such_name(name)) {
    Writer(STDERR_FILENO)
        .print(
            "tallystick: TALLY_ON_MISUSE is '%s', which is none of answer, report, trap and abort; "
            "taken for answer\n",
            name);
  }
}

void misuse(const tally_error* error) {
  count(*error);
  if (!__atomic_load_n(&is_any, __ATOMIC_RELAXED) && !__atomic_exchange_n(&is_any, true, __ATOMIC_RELAXED))
    first_misuse();
  if (__atomic_load_n(&watchers, __ATOMIC_ACQUIRE)) {
    const Locked locked(lock);
    for (tally_misuse_watcher* each = watchers; each; each = each->next) each->told(each, error);
  }
  act(__atomic_load_n(&action, __ATOMIC_RELAXED), *error);
}

std::uint64_t misuses_of(std::uint32_t kind, tally_error* first) {
  const Kind& wanted = kinds[kind];
  if (!__atomic_load_n(&wanted.has_first, __ATOMIC_ACQUIRE)) return 0;
  std::memcpy(first, &wanted.first, sizeof *first);
  return __atomic_load_n(&wanted.count, __ATOMIC_RELAXED);
}

int misuse_action(int what) {
  if (what < TALLY_MISUSE_ANSWER || what > TALLY_MISUSE_ABORT) return TALLY_INVALID_ARGUMENT;
  return __atomic_exchange_n(&action, what, __ATOMIC_RELAXED);
}

void misuse_watch(tally_misuse_watcher* watcher) {
  const Locked locked(lock);
  watcher->next = watchers;
  __atomic_store_n(&watchers, watcher, __ATOMIC_RELEASE);
}

void misuse_unwatch(tally_misuse_watcher* watcher) {
  const Locked locked(lock);
  for (tally_misuse_watcher** link = &watchers; *link; link = &(*link)->next) {
    if (*link != watcher) continue;
    __atomic_store_n(link, watcher->next, __ATOMIC_RELEASE);
    return;
  }
}

}  // namespace tally::core
