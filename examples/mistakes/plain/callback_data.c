/* A callback is called after its data is gone. */
#include <stdio.h>
#include <stdlib.h>

#include "bell.h"

static void count(void* rings) {
  printf("%d\n", ++*(int*)rings);
}

int main(void) {
  int* const rings = calloc(1, sizeof *rings);
  if (!rings) return 1;
  bell_listen(count, rings);
  bell_ring();
  free(rings); /* the bug: the bell still has it */
  bell_ring();
  return 0;
}
