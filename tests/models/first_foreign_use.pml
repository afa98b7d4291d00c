/* An object that only its own thread has used, against the first use by another: the owner may end it without asking anybody, as
   long as nobody else has been let in.

   Store buffers as in calls_against_destroy.pml; a compare-and-swap drains the queue of who does it. The owner ends the object in
   either of two ways: at once, if it is alone (is_alone() in table.hpp), or by the long way, revoking the handle first (is_used()
   in sharing.cpp), after which it looks at others' notes only if somebody has changed `thread`. The other may find `thread` changed
   already, and enters at once (enter_at_once() in table.hpp): by a third, which is late, and is refused.

   variants: NO_SWAP_WHEN_ALONE NO_FENCE_BEFORE_LOOKING_AT_THREAD HANDLE_BEFORE_SWAP HANDLE_BEFORE_THREAD */

#define OWNER 1
#define ANY 2
#define NOBODY 3

byte thread = OWNER;
bool handle = 1, dead, pending;
bool note, queued, value;       /* the other thread's note, and the store of it that waits */
bool queued_again, value_again;
bool revoked;                   /* the owner's store of the handle waits */
byte runs, done;

inline drain() {
  atomic {
    if
    :: queued -> note = value; queued = queued_again; value = value_again; queued_again = 0
    :: else
    fi;
    if
    :: queued -> note = value; queued = 0
    :: else
    fi
  }
}
inline store(v) {
  atomic {
    if
    :: queued -> queued_again = 1; value_again = v
    :: else -> queued = 1; value = v
    fi
  }
}
inline drain_owner() {
  atomic {
    if
    :: revoked -> handle = 0; revoked = 0
    :: else
    fi
  }
}

proctype other() {
  bool seen, is_in = 0;
  byte owner;
  store(1);
#ifdef HANDLE_BEFORE_SWAP
  seen = handle;
#endif
  if
  :: true ->                       /* at once */
#ifdef HANDLE_BEFORE_THREAD
    seen = handle;
    owner = thread;
#else
    owner = thread;
    seen = handle;
#endif
    if
    :: owner == ANY -> is_in = 1; goto at_once
    :: else
    fi
  :: true
  fi;
  owner = thread;
  do
  :: owner == OWNER ->
    drain();
    atomic {
      if
      :: thread == OWNER -> thread = ANY; owner = ANY
      :: else -> owner = thread
      fi
    }
  :: owner == ANY -> is_in = 1; break
  :: owner == NOBODY -> break
  od;
#ifndef HANDLE_BEFORE_SWAP
  seen = handle;
#endif
at_once:
  if
  :: is_in && seen ->
    assert(!dead);
    assert(!dead);
  :: else
  fi;
  store(0);
  drain();
  if
  :: atomic { pending && !note -> pending = 0; dead = 1; runs++ }   /* settles, under the lock */
  :: atomic { !(pending && !note) }
  fi;
  done++
}

proctype third() {
  atomic {
    if
    :: thread == OWNER -> thread = ANY
    :: else
    fi
  }
}

proctype others_drainer() {
  do
  :: queued -> drain()
  :: done == 2 -> break
  od
}

proctype owner() {
  byte seen;
  bool is_alone = 0;
  if
  :: true ->                       /* at once */
#ifdef NO_SWAP_WHEN_ALONE
    seen = thread;
    is_alone = (seen == OWNER);
#else
    atomic {
      if
      :: thread == OWNER -> thread = NOBODY; is_alone = 1
      :: else
      fi
    }
#endif
    if
    :: is_alone -> revoked = 1; dead = 1; runs++; drain_owner(); goto end
    :: else
    fi
  :: true                          /* by the long way */
  fi;
  revoked = 1;
#ifndef NO_FENCE_BEFORE_LOOKING_AT_THREAD
  drain_owner();
#endif
  seen = thread;
  if
  :: seen == OWNER -> dead = 1; runs++; drain_owner()
  :: else ->
    drain_owner();
    drain();
    atomic {
      if
      :: note -> pending = 1
      :: else -> dead = 1; runs++
      fi
    }
  fi;
end:
  done++
}

proctype owners_drainer() {
  do
  :: revoked -> drain_owner()
  :: done == 2 -> break
  od
}

init {
  atomic { run other(); run third(); run others_drainer(); run owner(); run owners_drainer() }
  _nr_pr == 1;
  assert(runs == 1)
}
