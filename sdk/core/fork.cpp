// Forks: the child has one thread, and must not find a lock taken by another that is not there, or what it
// guards half done. So the thread that forks takes all of them first, as every module does with its own: in
// the order in which they are always taken, modules' before libtally's. Modules tell libtally of theirs, and
// not pthread_atfork: that would call into a module which another thread has just unmapped.
//
// What other threads were inside of at that moment stays noted in the child for good: their records are still
// there, and nobody will leave. So the child can end no object under a call that it has half of.
#include <pthread.h>

#include "lock.hpp"
#include "services.hpp"
#include "thread_record.hpp"

namespace tally::core {

constinit Locks locks;

namespace {

constinit tally_fork_locks* of_others = nullptr;

void take_all() {
  locks.forks.lock();
  for (const tally_fork_locks* each = of_others; each; each = each->next) each->take();
  locks.reports.lock();
  locks.providers.lock();
  locks.threads.lock();
  locks.directory.lock();
  locks.sites.lock();
  locks.misuses.lock();
  locks.stacks.lock();
  look_before_fork();
  make_room_for_records();
}

void let_go_of_all() {
  give_up_room_for_records();
  locks.stacks.unlock();
  locks.misuses.unlock();
  locks.sites.unlock();
  locks.directory.unlock();
  locks.threads.unlock();
  locks.providers.unlock();
  locks.reports.unlock();
  for (const tally_fork_locks* each = of_others; each; each = each->next) each->let_go();
  locks.forks.unlock();
}

void start_child() {
  locks.reports.reset();
  locks.providers.reset();
  locks.threads.reset();
  locks.directory.reset();
  locks.sites.reset();
  locks.misuses.reset();
  locks.stacks.reset();
  keep_records_of_others();
  look_no_more();
  describe_no_more();
  take_no_more();
  report_no_more();
  for (const tally_fork_locks* each = of_others; each; each = each->next) each->let_go();
  locks.forks.reset();
}

}  // namespace

bool start_fork() {
  return pthread_atfork(take_all, let_go_of_all, start_child) == 0;
}

void fork_add(tally_fork_locks* others) {
  const Locked locked(locks.forks);
  others->next = of_others;
  of_others = others;
}

void fork_remove(tally_fork_locks* others) {
  const Locked locked(locks.forks);
  for (tally_fork_locks** link = &of_others; *link; link = &(*link)->next) {
    if (*link != others) continue;
    *link = others->next;
    return;
  }
}

}  // namespace tally::core
