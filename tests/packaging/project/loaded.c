/* A C program that loads the module, whose file it is given. Exit code 0 when all is balanced. */
#include <stdio.h>

#include "counter.h"

static int use(const counter_api* api) {
  counter_counter* counter = api->counter_create(40, NULL);
  int64_t value;
  tally_blob text;
  if (!counter || api->counter_add(counter, 2, &value) < 0 || api->counter_show(counter, &text) < 0) return 0;
  printf("loaded.c: %s\n", (const char*)text.data);
  tally_blob_free(&text);
  api->counter_destroy(counter);
  fflush(stdout);
  return tally_ledger_write(1, 0) == 0;
}

int main(int count, char** arguments) {
  tally_module* module = count == 2 ? tally_module_load(arguments[1], NULL) : NULL;
  const counter_api* api = module ? counter_api_of(module, NULL) : NULL;
  if (!api || !use(api) || tally_module_unload(module) < 0) {
    fprintf(stderr, "%s\n", tally_last_error()->text);
    return 1;
  }
  return 0;
}
