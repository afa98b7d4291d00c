/* A parent whose child ends with it, destroyed while one thread makes the child and another calls it: the child is revoked with its
   parent or is told that there is none, and ends before it; each destructor runs once, the child's under no call.

   The machine has store buffers (x86-TSO): each thread's stores wait in a queue of its own until they drain, at any time, or at a
   fence or a lock. Loads are from memory, which is enough here: nobody loads what it has stored itself.

   The code: join(), revoke_with_parent(), end_revoked(), leave_parent(), end_object(), finish(), settle(), is_let_go() in sdk/runtime
   (kin.cpp, destroy.cpp). A destructor is run without the lock.

   variants: WORDS_AFTER_JOIN JOIN_WITHOUT_LOOK CHILD_NOT_LOOKED_AT REVOKED_AFTER_LOOK NO_LOOK_WHEN_LEAVING
   PARENT_NOT_SETTLED PARENT_NOT_PINNED ENDED_BEFORE_ITS_CHILD */

#define MAKER 0
#define USER 1
#define CLOSER 2
#define THREADS 3

#define NOTE 0                       /* the maker's, of the parent */
#define NOTE_CHILD 1                 /* the user's, of the child */
#define HANDLE 2                     /* the parent's, 1 while it is live */
#define HANDLE_CHILD 3
#define GIVEN 4                      /* 1 when the user has the child's word */

#define LIVE 1
#define PENDING 2

byte memory[5];
chan queue[THREADS] = [4] of { byte, byte };
bool lock, dead, dead_child;
/* Under the lock. */
byte token = LIVE, token_child;
bool has_child, is_pinned;
byte runs, runs_child;
bool has_made;
byte done;

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
/* used = whether anybody has this note. */
inline look(t, note) {
  fence(t);
  fence(MAKER); fence(USER); fence(CLOSER);
  used = memory[note]
}
inline acquire(t) {
  fence(t);
  atomic { !lock -> lock = 1 }
}
inline release(t) {
  fence(t);
  lock = 0
}

/* Under the lock, of what is pending and let go. */
inline finish_parent(t) {
  token = 0;
  release(t);
  atomic { assert(!dead && !has_child); dead = 1; runs++ };
  acquire(t)
}
inline settle_parent(t) {
  if
  :: token == PENDING ->
    look(t, NOTE);
    if
#ifdef ENDED_BEFORE_ITS_CHILD
    :: !used && !is_pinned -> finish_parent(t)
#else
    :: !used && !is_pinned && !has_child -> finish_parent(t)
#endif
    :: else
    fi
  :: else
  fi
}
inline finish_child(t) {
  token_child = 0;
  release(t);
  atomic { assert(!dead_child && !dead); dead_child = 1; runs_child++ };
  acquire(t);
  has_child = 0;
#ifndef PARENT_NOT_SETTLED
  settle_parent(t)
#endif
}
inline settle_child(t) {
  if
  :: token_child == PENDING ->
    look(t, NOTE_CHILD);
    if
    :: !used -> finish_child(t)
    :: else
    fi
  :: else
  fi
}

proctype maker() {
  byte seen, where, what;
  bool used, is_in;
  store(MAKER, NOTE, 1);
  seen = memory[HANDLE];
  if
  :: seen == 1 ->
    assert(!dead);
    acquire(MAKER);
#ifdef JOIN_WITHOUT_LOOK
    seen = 1;
#else
    seen = memory[HANDLE];
#endif
    if
    :: seen == 1 ->
      has_child = 1;
      has_made = 1;
      is_in = 1;
#ifndef WORDS_AFTER_JOIN
      token_child = LIVE;
      store(MAKER, HANDLE_CHILD, 1)
#endif
    :: else
    fi;
    release(MAKER);
#ifdef WORDS_AFTER_JOIN
    if
    :: is_in -> token_child = LIVE; store(MAKER, HANDLE_CHILD, 1)
    :: else
    fi;
#endif
    if
    :: is_in -> store(MAKER, GIVEN, 1)
    :: else
    fi;
    assert(!dead)
  :: else
  fi;
  store(MAKER, NOTE, 0);
  acquire(MAKER);                    /* whether it needs to look is calls_against_destroy's */
  settle_parent(MAKER);
  if                                 /* gives the child back, or keeps it for good */
  :: token_child == LIVE && is_in ->
    store(MAKER, HANDLE_CHILD, 0);
    token_child = PENDING;
    settle_child(MAKER)
  :: true
  fi;
  release(MAKER);
  done++
}

proctype user() {
  byte seen, where, what;
  bool used;
  if
  :: memory[GIVEN] != 0 ->
    store(USER, NOTE_CHILD, 1);
    seen = memory[HANDLE_CHILD];
    if
    :: seen == 1 ->
      assert(!dead_child && !dead);
      assert(!dead_child && !dead)
    :: else
    fi;
    store(USER, NOTE_CHILD, 0);
#ifndef NO_LOOK_WHEN_LEAVING
    seen = memory[HANDLE_CHILD];
    if
    :: seen != 1 ->
      acquire(USER);
      settle_child(USER);
      release(USER)
    :: else
    fi
#endif
  :: true
  fi;
  done++
}

inline revoke_child() {
  if
  :: has_child && token_child == LIVE ->
    store(CLOSER, HANDLE_CHILD, 0);
    token_child = PENDING
  :: else
  fi
}

proctype closer() {
  byte where, what;
  bool used;
  acquire(CLOSER);
  store(CLOSER, HANDLE, 0);
  token = PENDING;
#ifndef PARENT_NOT_PINNED
  is_pinned = 1;
#endif
#ifdef REVOKED_AFTER_LOOK
  look(CLOSER, NOTE_CHILD);
  if
  :: !used && has_child && token_child == LIVE ->
    store(CLOSER, HANDLE_CHILD, 0);
    finish_child(CLOSER)
  :: else -> revoke_child()
  fi;
#else
  revoke_child();
#ifdef CHILD_NOT_LOOKED_AT
  if
  :: token_child == PENDING -> finish_child(CLOSER)
  :: else
  fi;
#else
  settle_child(CLOSER);
#endif
#endif
  is_pinned = 0;
#ifdef PARENT_NOT_PINNED
  look(CLOSER, NOTE);                /* it has been pending all along */
  if
  :: !used && !has_child -> finish_parent(CLOSER)
  :: else
  fi;
#else
  settle_parent(CLOSER);
#endif
  release(CLOSER);
  done++
}

proctype drainer(byte t) {
  byte where, what;
  do
  :: atomic { nempty(queue[t]) -> drain_one(t) }
  :: done == THREADS && empty(queue[t]) -> break
  od
}

init {
  atomic {
    memory[HANDLE] = 1;
    run maker(); run user(); run closer();
    run drainer(MAKER); run drainer(USER); run drainer(CLOSER)
  }
  _nr_pr == 1;
  assert(runs == 1);
  assert(runs_child == has_made)
}
