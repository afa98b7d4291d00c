// Mutexes that are ready before any constructor has run and are never destroyed. One thread may take one
// again: a visitor of the ledger may read the ledger.
#pragma once

#include <pthread.h>

namespace tally::core {

class Lock {
 public:
  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }
  /// In a forked child, whose thread has another id than the one that took it.
  void reset() { mutex_ = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP; }

 private:
  pthread_mutex_t mutex_ = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
};

class Locked {
 public:
  explicit Locked(Lock& lock) : lock_(lock) { lock_.lock(); }
  ~Locked() { lock_.unlock(); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  Lock& lock_;
};

/// All that libtally has, in the order in which they are taken. fork.cpp has them.
struct Locks {
  Lock forks;    // before those of modules, too
  Lock reports;  // held while modules are asked
  Lock providers;
  Lock threads;
  Lock directory;
  Lock sites;
  Lock misuses;
  Lock stacks;
};
extern constinit Locks locks;  // NOLINT(bugprone-dynamic-static-initializers): it is constinit

}  // namespace tally::core
