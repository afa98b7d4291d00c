/* What the programs of this example have in common: the two modules, and how an answer is shown. */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <stdio.h>

#include "post.h"

/* The modules, and their tables. */
static tally_module* north_module;
static tally_module* south_module;
static const post_api* north;
static const post_api* south;

static int mistakes;
static int went_through;

/* Prints a line of source, carries it out, and prints what the call came to. */
#define MISTAKE(what, call) \
  do {                      \
    announce(what, #call);  \
    answer(call);           \
  } while (0)

static void announce(const char* what, const char* call) {
  printf("%d. %s\n   %s\n", ++mistakes, what, call);
}

static void answer(tally_status status) {
  if (status >= 0) {
    ++went_through;
    printf("   went through!\n\n");
    return;
  }
  printf("   -> %s\n      %s\n\n", tally_status_text(status), tally_last_error()->text);
}

static const post_api* load(const char* path, tally_module** module) {
  *module = tally_module_load(path, NULL);
  const post_api* const table = *module ? post_api_of(*module, NULL) : NULL;
  if (!table) fprintf(stderr, "mistakes: %s\n", tally_last_error()->text);
  return table;
}

/* Loads both modules; false if that failed, and standard error then says why. */
static int load_modules(void) {
  north = load(POST_NORTH, &north_module);
  south = load(POST_SOUTH, &south_module);
  return north && south;
}

#endif
