/* Calls of a shared object against its destroy: nothing is freed under a call, and the destructor runs once.

   The machine has store buffers (x86-TSO): a thread's stores wait in a queue of its own until they drain, at any time, or at a
   fence. A caller's note is buffered; so are the destroyer's stores. Loads are from memory, which is enough here: nobody loads
   what it has stored itself. is_inside() makes every thread drain its queue, one after the other, and then looks at their notes,
   one after the other.

   The code: note(), enter_at_once(), leave_at_once(), settle_noted(), settle_left() in sdk/runtime (table.hpp, sharing.cpp,
   destroy.cpp), is_inside() in sdk/core/inside.cpp.

   variants: NO_FENCE NO_LOOK_WHEN_LEAVING NO_LOOK_WHEN_WITHDRAWING LOOK_BEFORE_NOTE PENDING_AFTER_LOOK */

#define CALLERS 2
#define OLD 1
#define GONE 0
#define NEW 2

byte note[CALLERS];                  /* as others see it */
byte queue[CALLERS], first[CALLERS], second[CALLERS];
byte handle = OLD;
bool pending, dead, lock;
byte revoked, marked;                /* the destroyer's queue: the handle, then the token */
byte runs, done;

inline drain_one(c) {
  if
  :: queue[c] > 0 -> note[c] = first[c]; first[c] = second[c]; queue[c]--
  :: else
  fi
}
inline store(c, value) {
  atomic {
    if
    :: queue[c] == 2 -> drain_one(c)
    :: else
    fi;
    if
    :: queue[c] == 0 -> first[c] = value
    :: else -> second[c] = value
    fi;
    queue[c]++
  }
}
inline drain_destroyer() {
  atomic {
    if
    :: revoked -> handle = GONE; revoked = 0
    :: else
    fi;
    if
    :: marked -> pending = 1; marked = 0
    :: else
    fi
  }
}
inline fence_all() {
#ifdef NO_FENCE
  skip
#else
  drain_destroyer();
  i = 0;
  do
  :: i < CALLERS -> atomic { drain_one(i); drain_one(i) }; i++
  :: else -> break
  od
#endif
}
/* used = whether anybody has a note. */
inline look() {
  used = 0;
  fence_all();
  i = 0;
  do
  :: i < CALLERS -> used = used | note[i]; i++
  :: else -> break
  od
}
inline acquire() { atomic { !lock -> lock = 1 } }
/* Under the lock: the object ends if nobody is inside. The slot is used again at once. */
inline end_if_let_go() {
  look();
  if
  :: !used -> pending = 0; dead = 1; runs++; lock = 0
  :: else -> lock = 0
  fi
}
inline settle(c) {
  atomic { drain_one(c); drain_one(c) }     /* a lock is a fence */
  acquire();
  if
  :: pending -> end_if_let_go()
  :: else -> lock = 0
  fi
}

proctype caller(byte c) {
  byte seen, i;
  bool used;
#ifdef LOOK_BEFORE_NOTE
  seen = handle;
  store(c, 1);
#else
  store(c, 1);
  seen = handle;
#endif
  if
  :: seen == OLD ->
    assert(!dead);
    assert(!dead);
    store(c, 0);
#ifndef NO_LOOK_WHEN_LEAVING
    seen = handle;
    if
    :: seen != OLD -> settle(c)
    :: else
    fi
#endif
  :: else ->
    store(c, 0);
#ifndef NO_LOOK_WHEN_WITHDRAWING
    if
    :: pending -> settle(c)
    :: else
    fi
#endif
  fi;
  done++
}

proctype drainer(byte c) {
  do
  :: atomic { queue[c] > 0 -> drain_one(c) }
  :: done == CALLERS + 1 -> break
  od
}

proctype destroyer() {
  byte i;
  bool used;
  acquire();
  revoked = 1;
#ifdef PENDING_AFTER_LOOK
  look();
  marked = 1;
  drain_destroyer();
  if
  :: !used -> pending = 0; dead = 1; runs++
  :: else
  fi;
  lock = 0;
#else
  marked = 1;
  look();
  drain_destroyer();
  if
  :: !used -> pending = 0; dead = 1; runs++; handle = NEW
  :: else
  fi;
  lock = 0;
#endif
  done++
}

proctype destroyers_drainer() {
  do
  :: atomic { revoked -> handle = GONE; revoked = 0 }
  :: atomic { !revoked && marked -> pending = 1; marked = 0 }
  :: done == CALLERS + 1 -> break
  od
}

init {
  atomic {
    run caller(0); run caller(1); run drainer(0); run drainer(1); run destroyer(); run destroyers_drainer()
  }
  _nr_pr == 1;
  assert(runs == 1)
}
