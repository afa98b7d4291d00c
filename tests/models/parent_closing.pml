/* A parent that is destroyed while calls of it make children: either the child comes first, and the parent ends after it, or the
   creation is told that the parent is gone. The parent ends once, when the last call has left and the last child has gone.

   The machine has store buffers (x86-TSO): each thread's stores wait in a queue of its own until they drain, at any time, or at a
   fence or a lock. Loads are from memory, which is enough here: nobody loads what it has stored itself.

   The code: join(), leave_parent(), end_object(), finish(), settle(), is_let_go() in sdk/runtime (kin.cpp, destroy.cpp).

   variants: JOIN_WITHOUT_LOCK JOIN_WITHOUT_LOOK CLOSED_AFTER_LOOK CHILDREN_FORGOTTEN NO_LOOK_WHEN_A_CHILD_GOES */

#define CALLERS 2
#define CLOSER 2                     /* its queue */
#define THREADS 3

#define NOTE 0                       /* and the second caller's, 1 */
#define HANDLE 2                     /* the parent's, 1 while it is live */
#define PENDING 3                    /* 1 when it is to end */
#define CHILDREN 4

byte memory[5];
chan queue[THREADS] = [4] of { byte, byte };
bool lock, dead;
byte runs, done;

inline drain_one(t) {
  queue[t] ? where, what;
  memory[where] = what
}
inline store(t, address, value) {
  atomic {
    if
    :: full(queue[t]) -> drain_one(t)
    :: nfull(queue[t])
    fi;
    queue[t] ! address, value
  }
}
inline fence(t) {
  atomic {
    do
    :: nempty(queue[t]) -> drain_one(t)
    :: empty(queue[t]) -> break
    od
  }
}
inline look(t) {
  used = 0;
  fence(t);
  fence(0); fence(1); fence(CLOSER);
  i = 0;
  do
  :: i < CALLERS -> used = used | memory[NOTE + i]; i++
  :: else -> break
  od
}
inline acquire(t) {
  fence(t);
  atomic { !lock -> lock = 1 }
}
inline release(t) {
  fence(t);
  lock = 0
}
/* Under the lock. */
inline end_if_let_go(t) {
  look(t);
#ifdef CHILDREN_FORGOTTEN
  if
  :: !used -> memory[PENDING] = 0; dead = 1; runs++
#else
  if
  :: !used && memory[CHILDREN] == 0 -> memory[PENDING] = 0; dead = 1; runs++
#endif
  :: else
  fi
}
inline settle(t) {
  acquire(t);
  if
  :: memory[PENDING] != 0 -> end_if_let_go(t)
  :: else
  fi;
  release(t)
}
inline join() {
#ifdef JOIN_WITHOUT_LOCK
  seen = memory[HANDLE];
  acquire(c);
#else
  acquire(c);
  seen = memory[HANDLE];
#endif
#ifdef JOIN_WITHOUT_LOOK
  seen = 1;
#endif
  if
  :: seen == 1 ->
    assert(memory[HANDLE] == 1);
    memory[CHILDREN] = memory[CHILDREN] + 1;
    has_child = 1
  :: else
  fi;
  release(c)
}

proctype caller(byte c) {
  byte seen, i, where, what;
  bool used, has_child;
  store(c, NOTE + c, 1);
  seen = memory[HANDLE];
  if
  :: seen == 1 ->
    assert(!dead);
    join();
    assert(!dead);
    store(c, NOTE + c, 0);
    seen = memory[HANDLE];
    if
    :: seen != 1 -> settle(c)
    :: else
    fi
  :: else ->
    store(c, NOTE + c, 0);
    if
    :: memory[PENDING] != 0 -> settle(c)
    :: else
    fi
  fi;
  if
  :: has_child ->
    assert(!dead);
    acquire(c);
    memory[CHILDREN] = memory[CHILDREN] - 1;
#ifndef NO_LOOK_WHEN_A_CHILD_GOES
    if
    :: memory[PENDING] != 0 -> end_if_let_go(c)
    :: else
    fi;
#endif
    release(c)
  :: else
  fi;
  done++
}

proctype closer() {
  byte i, where, what;
  bool used;
  acquire(CLOSER);
#ifdef CLOSED_AFTER_LOOK
  look(CLOSER);
  if
  :: !used && memory[CHILDREN] == 0 -> dead = 1; runs++
  :: else -> store(CLOSER, PENDING, 1)
  fi;
  store(CLOSER, HANDLE, 0);
#else
  store(CLOSER, HANDLE, 0);
  store(CLOSER, PENDING, 1);
  end_if_let_go(CLOSER);
#endif
  release(CLOSER);
  done++
}

proctype drainer(byte t) {
  byte where, what;
  do
  :: atomic { nempty(queue[t]) -> drain_one(t) }
  :: done == CALLERS + 1 && empty(queue[t]) -> break
  od
}

init {
  atomic {
    memory[HANDLE] = 1;
    run caller(0); run caller(1); run closer();
    run drainer(0); run drainer(1); run drainer(CLOSER)
  }
  _nr_pr == 1;
  assert(runs == 1)
}
