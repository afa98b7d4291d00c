/* An exclusive object goes from one thread to another: never are both let in. This is what TALLY_CHECK=exact promises; without it
   the fence is left out, and an overlap at the very moment of the handing over can be missed.

   The code: enter_at_once() in table.hpp for who had it last, take_turn() in sharing.cpp for the other.

   variants: NO_FENCE NO_LOOK_AFTER_SWAP THREAD_BEFORE_NOTE */

byte thread = 1;
bool note1, queued1;             /* the first thread's note; its store waits */
bool in1, in2;
byte done;

inline drain1() {
  atomic {
    if
    :: queued1 -> note1 = 1; queued1 = 0
    :: else
    fi
  }
}

proctype who_had_it() {
  byte seen;
#ifdef THREAD_BEFORE_NOTE
  seen = thread;
  queued1 = 1;
#else
  queued1 = 1;
  seen = thread;
#endif
  if
  :: seen == 1 -> in1 = 1; assert(!in2)
  :: else
  fi;
  done++
}

proctype drainer() {
  do
  :: queued1 -> drain1()
  :: done == 2 -> break
  od
}

proctype who_wants_it() {
  bool is_used;
  is_used = note1;
  if
  :: !is_used ->
    thread = 2;                  /* a compare-and-swap: at once in memory */
#ifndef NO_FENCE
    drain1();
#endif
#ifndef NO_LOOK_AFTER_SWAP
    is_used = note1;
#endif
    if
    :: is_used -> thread = 1
    :: else -> in2 = 1; assert(!in1)
    fi
  :: else
  fi;
  done++
}

init { atomic { run who_had_it(); run drainer(); run who_wants_it() } }
