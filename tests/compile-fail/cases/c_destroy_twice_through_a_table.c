// What a table's functions do with a token no compiler knows.
// expect: nothing
// flags: -O1
#include "conformance.h"

void misuse(const conformance_api* api) {
  conformance_counter* const a = api->counter_create(0, TALLY_NULL);
  api->counter_destroy(a);
#ifndef FIXED
  api->counter_destroy(a);
#endif
}
