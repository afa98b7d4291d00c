/* A C program that is linked to the module. Exit code 0 when all is balanced. */
#include <stdio.h>

#include "counter.h"

int main(void) {
  counter_counter* counter = counter_counter_create(COUNTER_COUNTER_CREATE_START_DEFAULT, NULL);
  int64_t value;
  tally_blob text;
  if (!counter || counter_counter_add(counter, 42, &value) < 0 || counter_counter_show(counter, &text) < 0) {
    fprintf(stderr, "%s\n", tally_last_error()->text);
    return 1;
  }
  printf("linked.c: %s\n", (const char*)text.data);
  tally_blob_free(&text);
  counter_counter_destroy(counter);
  fflush(stdout);
  return tally_ledger_write(1, 0) == 0 ? 0 : 1;
}
