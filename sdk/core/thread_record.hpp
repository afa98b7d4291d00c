// What libtally keeps of each thread that is attached.
#pragma once

#include "array.hpp"
#include "lock.hpp"
#include "tally/core.h"

namespace tally::core {

struct Record {
  tally_thread shared;  // first: modules read it
  tally_error* error;
};

/// Of the threads that have not ended, under the lock.
extern Lock threads_lock;
extern Array<Record*> attached_threads;

}  // namespace tally::core
