/* Nobody gives it back. */
#include <stdio.h>
#include <stdlib.h>

static void weigh(int grams) {
  int* const parcel = malloc(sizeof *parcel);
  if (!parcel) return;
  *parcel = grams;
  printf("%d\n", *parcel);
} /* the bug: the only pointer to it ends here */

int main(void) {
  for (int i = 1; i <= 3; ++i) weigh(100 * i);
  return 0;
}
