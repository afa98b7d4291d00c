/* The bell keeps a pointer to the listener's data, and is never told that it is gone. */
#include "bell.h"

static listener* kept_call;
static void* kept_user;

void bell_listen(listener* call, void* user) {
  kept_call = call;
  kept_user = user;
}

void bell_ring(void) {
  kept_call(kept_user);
}
