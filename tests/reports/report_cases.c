/* Does what it is told, a word on each line of its input, and answers "ok" to each. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"
#include "tally/report.h"

static probe_probe* kept[4096];
static unsigned count;

__attribute__((noinline)) static void makes_one(void) {
  kept[count++] = probe_probe_create(1, NULL);
}

__attribute__((noinline)) static void path_one(void) {
  makes_one();
}

__attribute__((noinline)) static void path_two(void) {
  makes_one();
}

/* What the compiler sees of the exported functions would be an error. */
static void destroys_twice(void) {
  const probe_api* const api = probe_linked_api();
  probe_probe* const object = api->probe_create(1, NULL);
  api->probe_destroy(object);
  api->probe_destroy(object);
}

static void forks(void) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    path_one();
    exit(0);
  }
  waitpid(child, &status, 0);
}

__attribute__((noinline)) static void does(const char* word, const char* argument, const char* other) {
  if (strcmp(word, "one") == 0) path_one();
  if (strcmp(word, "two") == 0) path_two();
  if (strcmp(word, "back") == 0) probe_probe_destroy(kept[--count]);
  if (strcmp(word, "misuse") == 0) destroys_twice();
  if (strcmp(word, "raise") == 0) raise(SIGUSR1);
  if (strcmp(word, "fork") == 0) forks();
  if (strcmp(word, "json") == 0) tally_report_write(1, TALLY_REPORT_JSON);
  if (strcmp(word, "text") == 0) tally_report_write(1, TALLY_REPORT_TEXT);
  if (strcmp(word, "left") == 0) tally_report_write(1, TALLY_REPORT_LEFT);
  if (strcmp(word, "at") == 0) printf("%d\n", tally_report_at(argument, other[0] ? other : NULL));
  if (strcmp(word, "stacks") == 0)
    printf("%d\n", tally_site_keep_stacks((uint32_t)atoi(argument), (uint32_t)atoi(other)));
  if (strcmp(word, "error") == 0) printf("%s\n", tally_last_error()->text);
}

int main(void) {
  char line[512];
  while (fgets(line, sizeof line, stdin)) {
    char word[32] = "", argument[200] = "", other[200] = "";
    sscanf(line, "%31s %199s %199s", word, argument, other);
    does(word, argument, other);
    puts("ok");
    fflush(stdout);
  }
  return 0;
}
