// What libtally keeps of each thread that is attached.
#pragma once

#include "array.hpp"
#include "lock.hpp"
#include "tally/core.h"

namespace tally::core {

struct Record {
  tally_thread shared;  // first: modules read it
  tally_error* error;
  std::uint32_t leaving;  // the lane, plus one, whose provider is being told that the thread ends
  std::uint32_t rounds;   // of key destructors that its end has come through
};

/// Of the threads that have not ended, under the lock.
// NOLINTBEGIN(bugprone-dynamic-static-initializers): they are constinit
extern constinit Array<Record*> attached_threads;
// NOLINTEND(bugprone-dynamic-static-initializers)

/// Before a fork, and after it in the parent: so that the child need not ask for memory.
void make_room_for_records();
void give_up_room_for_records();
/// In a forked child: what the other threads of its parent had noted stays as it was, and none of them is on
/// its way out of a provider any more.
void keep_records_of_others();

}  // namespace tally::core
