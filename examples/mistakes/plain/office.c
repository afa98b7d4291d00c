/* A counter points to its office. */
#include "office.h"

#include <stdlib.h>

struct office {
  int served;
};

struct counter {
  office* of;
};

office* office_open(void) {
  return calloc(1, sizeof(office));
}

void office_close(office* of) {
  free(of);
}

counter* counter_open(office* of) {
  counter* const at = malloc(sizeof *at);
  if (at) at->of = of;
  return at;
}

int counter_serve(counter* at) {
  return ++at->of->served;
}

void counter_close(counter* at) {
  free(at);
}
