/* What a function has freed, its caller frees again. */
#include <stdio.h>
#include <stdlib.h>

static void send(int* parcel) {
  printf("%d\n", *parcel);
  free(parcel);
}

int main(void) {
  int* const parcel = malloc(sizeof *parcel);
  if (!parcel) return 1;
  *parcel = 500;
  send(parcel);
  free(parcel); /* the bug: send has done that */
  return 0;
}
