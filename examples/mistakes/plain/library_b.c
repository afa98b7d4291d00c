/* Library B believes that every text is malloc's. */
#include "library_b.h"

#include <stdio.h>
#include <stdlib.h>

void b_print(char* text) {
  puts(text);
  free(text); /* the bug: it is a_free that gives back a text of A */
}
