/* A token that a real-time thread spends without the lock, while another thread, with the lock, tries to destroy the object, finds it
   in use and lets calls in again; or spends the token itself. One of them has spent it; once the real-time thread is back from its
   destroy, no call gets in any more; and the destructor runs once.

   All steps on the two words are compare-and-swaps but those of who has spent the token, so store buffers make no difference here.

   The code: hand_over(), end_one_handed_over() (handed_over.cpp), keep_calls_out(), let_calls_in() (sharing.cpp), retire() and spend()
   (destroy.cpp).

   variants: PLAIN_KEEPING_OUT PLAIN_LETTING_IN A_LOOK_AT_THE_TOKEN_INSTEAD PLAIN_SPENDING HANDLE_ONLY_IF_LIVE PLAIN_HANDING_OVER */

#define DEAD 0
#define LIVE 1
#define KEPT 2                       /* gone for a moment, or for good */
#define RETURNED 3

byte handle = LIVE;
byte token = LIVE;
bool is_locked;
bool other_spent, realtime_spent, realtime_is_back, is_handed_over, is_collected;
byte runs;
bool got_in;

inline lock() { atomic { !is_locked -> is_locked = 1 } }
inline unlock() { is_locked = 0 }

/* try_destroy of an object in use. */
inline try_in_vain() {
#ifdef PLAIN_KEEPING_OUT
  seen = handle;
  if
  :: seen == LIVE -> handle = KEPT
  :: else
  fi;
#else
  atomic {
    if
    :: handle == LIVE -> handle = KEPT
    :: else
    fi
  };
#endif
#ifdef PLAIN_LETTING_IN
  handle = LIVE
#else
#ifdef A_LOOK_AT_THE_TOKEN_INSTEAD
  handle = LIVE;
  if
  :: token != LIVE -> handle = KEPT
  :: else
  fi
#else
  atomic {
    if
    :: handle == KEPT -> handle = LIVE
    :: else
    fi
  }
#endif
#endif
}

inline destroy() {
#ifdef PLAIN_SPENDING
  seen = token;
  if
  :: seen == LIVE -> token = DEAD; other_spent = 1
  :: else
  fi;
#else
  atomic {
    if
    :: token == LIVE -> token = DEAD; other_spent = 1
    :: else
    fi
  };
#endif
  if
  :: other_spent -> handle = KEPT; runs++
  :: else
  fi
}

proctype other() {
  byte seen;
  lock();
  if
  :: token == LIVE ->
    if
    :: skip; try_in_vain()
    :: skip; destroy()
    fi
  :: else
  fi;
  unlock()
}

proctype realtime() {
  byte seen;
#ifdef PLAIN_HANDING_OVER
  seen = token;
  if
  :: seen == LIVE -> token = RETURNED; realtime_spent = 1
  :: else
  fi;
#else
  atomic {
    if
    :: token == LIVE -> token = RETURNED; realtime_spent = 1
    :: else
    fi
  };
#endif
  if
  :: realtime_spent ->
#ifdef HANDLE_ONLY_IF_LIVE
    atomic {
      if
      :: handle == LIVE -> handle = RETURNED
      :: else
      fi
    };
#else
    handle = RETURNED;               /* whatever it was */
#endif
    realtime_is_back = 1;
    is_handed_over = 1
  :: else
  fi
}

/* Whoever creates or destroys something next. */
proctype collector() {
end_of_nothing:
  is_handed_over;
  lock();
  token = DEAD;
  handle = KEPT;
  runs++;
  is_collected = 1;
  unlock()
}

proctype caller() {
end_of_nothing:
  realtime_is_back;
  got_in = (handle == LIVE)
}

active proctype watch() {
  atomic { run other(); run realtime(); run collector(); run caller() };
  timeout;
  assert(!(other_spent && realtime_spent));
  assert(!got_in);
  assert(runs == other_spent + is_collected);
  assert(!realtime_spent || (is_collected && runs == 1 && handle != LIVE));
  assert(other_spent || realtime_spent || handle == LIVE)
}
