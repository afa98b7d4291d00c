// The one entry of libtally, its start and its end.
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "alone.hpp"
#include "services.hpp"

namespace tally::core {
namespace {

constinit bool is_exiting = false;
constinit bool is_watching = false;
constinit pid_t started_in = 0;

constinit tally_core core = {
    .size = sizeof(tally_core),
    .abi_major = TALLY_ABI_MAJOR,
    .abi_minor = TALLY_ABI_MINOR,
    .release = TALLY_RELEASE_STRING,
    .thread_offset = 0,
    .epoch = nullptr,
    .directory = nullptr,
    .thread_attach = thread_attach,
    .thread_is_alive = thread_is_alive,
    .lane_reserve = lane_reserve,
    .lane_add = lane_add,
    .lane_remove = lane_remove,
    .table_add = table_add,
    .table_remove = table_remove,
    .provider_add = provider_add,
    .provider_remove = provider_remove,
    .providers = providers,
    .last_error = last_error,
    .site_text = site_text,
    .exiting = exiting,
    .report = report,
    .is_inside = is_inside,
    .thread_is_inside = thread_is_inside,
    .new_error = new_error,
    .fork_add = fork_add,
    .fork_remove = fork_remove,
    .misuse = misuse,
    .misuse_action = misuse_action,
    .misuse_watch = misuse_watch,
    .misuse_unwatch = misuse_unwatch,
    .place_text = place_text,
    .stack_site = stack_site,
    .site_stack = site_stack,
    .keep_stacks = keep_stacks,
    .report_at = report_at,
};

// Of whichever copy of libtally answers for the process; null until this one has started.
constinit Entry answering = nullptr;

const tally_core* answer(std::uint16_t abi_major) {
  return abi_major == TALLY_ABI_MAJOR ? &core : nullptr;
}

[[gnu::constructor]] void start() {
  if (const Entry first = find_first_copy()) {
    answering = first;
    return;
  }
  started_in = getpid();
  core.thread_offset = thread_offset();
  core.epoch = epoch();
  core.directory = directory();
  start_inside();
  start_misuse();
  // No memory, or the process has used up its 1,024 pthread keys, before main.
  if (!start_fork() || !start_threads()) std::abort();
  answering = answer;
  start_stacks();
  start_moments();
}

// Runs after the finalisers of all modules, since they depend on libtally. A forked child reports nothing:
// the objects are its parent's.
[[gnu::destructor]] void end() {
  is_exiting = true;
  if (getpid() == started_in) report_exit();
}

}  // namespace

int exiting() {
  return is_exiting ? 1 : 0;
}

void watch_exit() {
  if (!is_watching) is_watching = std::atexit([] { is_exiting = true; }) == 0;
}

}  // namespace tally::core

// The exported name can be another copy's; this one, which the note leads to, can't.
extern "C" [[gnu::visibility("hidden")]] const tally_core* TALLY_CALL
tally_core_entry_here(std::uint16_t abi_major) {
  return tally::core::answering ? tally::core::answering(abi_major) : nullptr;
}

extern "C" const tally_core* TALLY_CALL tally_core_entry(std::uint16_t abi_major) {
  return tally_core_entry_here(abi_major);
}
