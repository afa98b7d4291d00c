/* A text that library A made is given to library B, which frees it. */
#include "library_a.h"
#include "library_b.h"

int main(void) {
  char* const text = a_text(500);
  if (!text) return 1;
  b_print(text); /* the bug: B's free is not A's */
  return 0;
}
