/* A token that a second thread spends, under the lock, while the owner, who alone has used the object, ends it without any lock and
   makes another in its slot: one of them has spent it, and the other object is not touched.

   The machine has store buffers (x86-TSO): the owner's stores wait in a queue until they drain, at any time, or at a fence, a lock or a
   compare-and-swap. Loads are from memory, which is enough here: nobody loads what it has stored itself. The second thread's stores
   are under the lock.

   The code: is_alone(), destroy_here(), revoke(), commit() in sdk/runtime (table.hpp); common_claim_of(), make_common(),
   destroy_within() (references.cpp, sharing.cpp, destroy.cpp).

   variants: NO_SECOND_LOOK LOOK_AFTER_SWAP_ONLY_AT_HANDLE NO_SWAP_WHEN_ALONE NO_SWAP_BY_THE_SECOND NOT_REVOKED SAME_GENERATION */

#define OWNER 1
#define ANY 2
#define NOBODY 3

#define THREAD 0
#define HANDLE 1                     /* generations; 0 when gone */
#define TOKEN 2

#ifdef SAME_GENERATION
#define SECOND 1
#else
#define SECOND 2
#endif

byte memory[3];
chan queue = [6] of { byte, byte };
byte alive = 1;                      /* which object is in the slot; 0 if none */
byte runs_first, runs_second;
bool has_made_second, owner_spent, second_spent;
byte done;

inline drain_one() {
  queue ? where, what;
  memory[where] = what
}
inline store(address, value) {
  atomic {
    if
    :: full(queue) -> drain_one()
    :: nfull(queue)
    fi;
    queue ! address, value
  }
}
inline fence() {
  atomic {
    do
    :: nempty(queue) -> drain_one()
    :: empty(queue) -> break
    od
  }
}
inline end_it() {
  atomic {
    if
    :: alive == 1 -> runs_first++
    :: alive == 2 -> runs_second++
    :: alive == 0 -> assert(false)
    fi;
    alive = 0
  }
}

proctype owner() {
  byte seen, where, what;
  bool is_alone;
  seen = memory[TOKEN];
  if
  :: seen == 1 ->
#ifdef NO_SWAP_WHEN_ALONE
    seen = memory[THREAD];
    is_alone = (seen == OWNER);
    if
    :: is_alone -> store(THREAD, NOBODY)
    :: else
    fi;
#else
    fence();
    atomic {
      if
      :: memory[THREAD] == OWNER -> memory[THREAD] = NOBODY; is_alone = 1
      :: else
      fi
    };
#endif
    if
    :: is_alone ->
      owner_spent = 1;
#ifndef NOT_REVOKED
      store(HANDLE, 0);
      store(TOKEN, 0);
#endif
      end_it();
      atomic { has_made_second = 1; alive = 2 };
      store(THREAD, OWNER);
      store(TOKEN, SECOND);
      store(HANDLE, SECOND)
    :: else                          /* by the long way, under the lock: it comes second, or the other does */
    fi
  :: else
  fi;
  fence();
  done++
}

/* It has the lock all along; with the word of the first object. */
proctype second() {
  byte whose, seen;
  bool is_common;
  seen = memory[TOKEN];
  if
  :: seen == 1 ->
    whose = memory[THREAD];
    do
    :: whose == NOBODY -> break
    :: whose == ANY -> is_common = 1; break
    :: whose == OWNER ->
#ifdef NO_SWAP_BY_THE_SECOND
      memory[THREAD] = ANY;
      whose = ANY
#else
      atomic {
        if
        :: memory[THREAD] == OWNER -> memory[THREAD] = ANY; whose = ANY
        :: else -> whose = memory[THREAD]
        fi
      }
#endif
    od;
    if
    :: is_common ->
#ifdef NO_SECOND_LOOK
      seen = 1;
#else
#ifdef LOOK_AFTER_SWAP_ONLY_AT_HANDLE
      seen = (memory[HANDLE] != 0 -> 1 : 0);
#else
      seen = memory[TOKEN];
#endif
#endif
      if
      :: seen == 1 ->
        second_spent = 1;
        memory[HANDLE] = 0;
        memory[TOKEN] = 0;
        end_it()
      :: else
      fi
    :: else
    fi
  :: else
  fi;
  done++
}

proctype drainer() {
  byte where, what;
  do
  :: atomic { nempty(queue) -> drain_one() }
  :: done == 2 && empty(queue) -> break
  od
}

init {
  atomic {
    memory[THREAD] = OWNER; memory[HANDLE] = 1; memory[TOKEN] = 1;
    run owner(); run second(); run drainer()
  }
  _nr_pr == 1;
  assert(!(owner_spent && second_spent));
  assert(runs_first == owner_spent + second_spent);
  assert(runs_second == 0);
  assert(!has_made_second || alive == 2)
}
