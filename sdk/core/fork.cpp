// Forks: the child has one thread, and must not find a lock taken by another that is not there, or what it
// guards half done. So the thread that forks takes all of them first, as every module does with its own: in
// the order in which they are always taken, modules' before libtally's.
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

void take_all() {
  locks.providers.lock();
  locks.threads.lock();
  locks.directory.lock();
  locks.sites.lock();
}

void let_go_of_all() {
  locks.sites.unlock();
  locks.directory.unlock();
  locks.threads.unlock();
  locks.providers.unlock();
}

void start_child() {
  locks.providers.reset();
  locks.threads.reset();
  locks.directory.reset();
  locks.sites.reset();
  keep_records_of_others();
}

}  // namespace

bool start_fork() {
  return pthread_atfork(take_all, let_go_of_all, start_child) == 0;
}

}  // namespace tally::core
