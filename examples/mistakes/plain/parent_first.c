/* An office is closed while a counter of it is open, and the counter goes on. */
#include <stdio.h>

#include "office.h"

int main(void) {
  office* const of = office_open();
  if (!of) return 1;
  counter* const at = counter_open(of);
  if (!at) return 1;
  office_close(of); /* the bug: the parent goes before its child */
  printf("%d\n", counter_serve(at));
  counter_close(at);
  return 0;
}
