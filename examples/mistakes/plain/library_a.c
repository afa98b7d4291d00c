/* Library A keeps the length of a text in front of it. */
#include "library_a.h"

#include <stdio.h>
#include <stdlib.h>

char* a_text(int number) {
  size_t* const block = malloc(2 * sizeof(size_t) + 32);
  if (!block) return NULL;
  char* const text = (char*)(block + 2);
  block[0] = (size_t)snprintf(text, 32, "parcel %d", number);
  return text;
}

void a_free(char* text) {
  if (text) free((size_t*)text - 2);
}
