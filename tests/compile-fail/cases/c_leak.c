// A token that is dropped is a leak.
// expect gcc: warning -Wanalyzer-malloc-leak
// expect clang: nothing
// flags gcc: -fanalyzer
#include "conformance.h"

int64_t misuse(void) {
  conformance_counter* const a = conformance_counter_create(0, TALLY_NULL);
  int64_t value = 0;
#ifdef FIXED
  if (conformance_counter_value(a, &value) < 0) value = -1;
  conformance_counter_destroy(a);
  return value;
#else
  if (conformance_counter_value(a, &value) < 0) value = -1;
  return value;
#endif
}
