/* A slot that is used again: a caller that has the word of its first object never enters the second, each object's destructor runs
   once, and a late caller's note, which may hold up the end of an object that it does not mean, is made good.

   The machine has store buffers (x86-TSO): each thread's stores wait in a queue of its own until they drain, at any time, or at a
   fence or a lock. Loads are from memory, which is enough here: nobody loads what it has stored itself.

   The code: commit(), enter_at_once(), leave_at_once(), settle_noted(), settle_left(), end_object(), finish(), go_home() in sdk/runtime.

   variants: SAME_GENERATION FREED_AT_ONCE LOOK_BEFORE_NOTE NO_LOOK_WHEN_LEAVING NO_LOOK_WHEN_WITHDRAWING */

#define CALLERS 2
#define OWNER 2                      /* its queue */
#define THREADS 3

#define NOTE 0                       /* and the second caller's, 1 */
#define HANDLE 2                     /* the generation that is live, or 0 */
#define PENDING 3                    /* the one that is to end, or 0 */
#define CONTENT 4                    /* the object that is there, by its generation, or 0 */
#define GIVEN 5                      /* the word that callers are given */

#ifdef SAME_GENERATION
#define SECOND 1
#else
#define SECOND 2
#endif

byte memory[6];
chan queue[THREADS] = [4] of { byte, byte };
bool lock, is_free, has_made_second;
byte runs[3];
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
/* used = whether anybody has a note. The fence of who asks comes first. */
inline look(t) {
  used = 0;
  fence(t);
  fence(0); fence(1); fence(OWNER);
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
/* Under the lock; the slot can be used again. */
inline end_pending() {
  atomic {
    runs[memory[CONTENT]]++;
    memory[PENDING] = 0; memory[CONTENT] = 0;
    is_free = 1
  }
}
inline settle(c) {
  acquire(c);
  if
  :: memory[PENDING] != 0 ->
    look(c);
    if
    :: !used -> end_pending()
    :: else
    fi
  :: else
  fi;
  release(c)
}

proctype caller(byte c) {
  byte seen, word, i, where, what;
  bool used;
  if
  :: word = 1
  :: memory[GIVEN] != 0 -> word = memory[GIVEN]
  fi;
#ifdef LOOK_BEFORE_NOTE
  seen = memory[HANDLE];
  store(c, NOTE + c, 1);
#else
  store(c, NOTE + c, 1);
  seen = memory[HANDLE];
#endif
  if
  :: seen == word ->
    assert(memory[CONTENT] == word);
    assert(memory[CONTENT] == word);
    store(c, NOTE + c, 0);
#ifndef NO_LOOK_WHEN_LEAVING
    seen = memory[HANDLE];
    if
    :: seen != word -> settle(c)
    :: else
    fi
#endif
  :: else ->
    store(c, NOTE + c, 0);
#ifndef NO_LOOK_WHEN_WITHDRAWING
    if
    :: memory[PENDING] != 0 -> settle(c)
    :: else
    fi
#endif
  fi;
  done++
}

inline destroy(generation) {
  acquire(OWNER);
  store(OWNER, HANDLE, 0);
  store(OWNER, PENDING, generation);
  look(OWNER);
#ifdef FREED_AT_ONCE
  used = 0;
#endif
  if
  :: !used -> end_pending()
  :: else
  fi;
  release(OWNER)
}

proctype owner() {
  byte i, where, what;
  bool used;
  destroy(1);
  if
  :: is_free ->
    is_free = 0;
    store(OWNER, CONTENT, 2);
    store(OWNER, HANDLE, SECOND);
    store(OWNER, GIVEN, SECOND);
    has_made_second = 1;
    destroy(2)
  :: !is_free
  fi;
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
    memory[CONTENT] = 1;
    run caller(0); run caller(1); run owner();
    run drainer(0); run drainer(1); run drainer(OWNER)
  }
  _nr_pr == 1;
  assert(runs[1] == 1);
  assert(runs[2] == has_made_second)
}
