/* The eleven bugs of plain/, made again with the objects of a module, and what is answered.
   Each function is one of those programs: the same mistake where it can still be made, and what happens
   instead where it can't. Then it puts right what it did, except for the leak and the cycle, which are named
   when the program has ended.

       seeds

   Exit code 0: each mistake was refused, or did no harm; 1: one was not, or the modules could not be loaded.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answers.h"

/* Carries out a line that is no mistake any more, and prints it. */
#define INSTEAD(call)         \
  do {                        \
    printf("   %s\n", #call); \
    show(call);               \
  } while (0)

static void show(tally_status status) {
  if (status < 0) {
    printf("   -> %s\n      %s\n", tally_status_text(status), tally_last_error()->text);
    return;
  }
  printf("   -> %s\n", tally_status_text(status));
}

static void array_to_delete(void) {
  post_label_array* labels = north->label_array_create(100, "Ada, London", TALLY_NUL_TERMINATED, NULL);
  MISTAKE("`new std::string[100]` given to `delete`", north->label_destroy((post_label*)labels));
  north->label_array_destroy(labels);
}

static void malloc_to_delete(void) {
  void* memory = malloc(64);
  MISTAKE("`malloc` and `delete`", north->parcel_destroy((post_parcel*)memory));
  free(memory);
}

/* What free does with a word is seen in a process of its own: it follows it, and a word is no address. */
static const char* fate_of_free(void* word) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    if (!freopen("/dev/null", "w", stderr)) _exit(0);
    free(word);
    _exit(0);
  }
  int how = 0;
  if (child < 0 || waitpid(child, &how, 0) != child) return "could not be tried";
  if (WIFEXITED(how) && WEXITSTATUS(how) == 0) {
    ++went_through;
    return "went through!";
  }
  return "ends the process at once: a token is no address, and leads free to no memory";
}

static void new_to_free(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  announce("`new` and `free`", "free(parcel)");
  printf("   -> %s\n\n", fate_of_free(parcel));
  north->parcel_destroy(parcel);
}

static void object_as_bytes(void) {
  post_label* label = north->label_create("Ada, London", TALLY_NUL_TERMINATED, NULL);
  tally_blob bytes = {NULL, 0, (tally_blob_owner*)label};
  MISTAKE("An object with members freed as bytes", tally_blob_free(&bytes));
  north->label_destroy(label);
}

/* No call of ours is wrong here, and nothing is answered: the ledger knows. */
static void leak(void) {
  announce("A leak", "for (uint32_t i = 1; i <= 3; ++i) forgotten = north->parcel_create(100 * i, NULL)");
  post_parcel* forgotten = NULL;
  for (uint32_t i = 1; i <= 3; ++i) forgotten = north->parcel_create(100 * i, NULL);
  (void)forgotten;
  printf("   -> named when the program has ended\n\n");
}

static void double_free(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  north->parcel_destroy(parcel);
  MISTAKE("A double free", north->parcel_destroy(parcel));
}

static void two_owners(void) {
  post_parcel* mine = north->parcel_create(500, NULL);
  post_parcel* yours = north->parcel_create(700, NULL);
  post_label* label = north->label_create("Ada, London", TALLY_NUL_TERMINATED, NULL);
  post_label* copy = label;
  north->parcel_stick(mine, &label);
  MISTAKE("Two owners of one pointer", north->parcel_stick(yours, &copy));
  north->parcel_destroy(mine);
  north->parcel_destroy(yours);
}

/* As with a leak, every call is right. Each reference has a record of its own. */
static void cycle(void) {
  post_route* there = north->route_create(NULL);
  post_route* back = north->route_create(NULL);
  post_route* to_there = north->route_retain(there, NULL);
  post_route* to_back = north->route_retain(back, NULL);
  announce("A cycle of counted references",
           "north->route_lead_to(there, &to_back), north->route_lead_to(back, &to_there)");
  north->route_lead_to(there, &to_back);
  north->route_lead_to(back, &to_there);
  north->route_release(there);
  north->route_release(back);
  printf("   -> named when the program has ended\n\n");
}

static void two_libraries(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  MISTAKE("Memory of library A freed by library B", south->parcel_destroy(parcel));
  north->parcel_destroy(parcel);
}

/* A counter keeps its branch; a ticket goes with it. */
static void parent_first(void) {
  post_branch* branch = north->branch_create(NULL);
  post_counter* counter = NULL;
  post_ticket* ticket = NULL;
  uint32_t number;
  north->branch_open_counter(branch, &counter);
  north->branch_draw_ticket(branch, &ticket);
  printf("%d. The parent closed before its child\n", ++mistakes);
  INSTEAD(north->branch_destroy(branch));
  INSTEAD(north->counter_serve(counter, &number));
  INSTEAD(north->ticket_number(ticket, &number));
  INSTEAD(north->ticket_destroy(ticket));
  INSTEAD(north->counter_destroy(counter));
  printf("\n");
}

static tally_status TALLY_CALL count(void* arrivals, uint32_t grams) {
  printf("      the callback: %u g, %d so far\n", (unsigned)grams, ++*(int*)arrivals);
  return TALLY_OK;
}

static void TALLY_CALL end_of_data(void* arrivals) {
  printf("      the release: nobody will call again, %d in all\n", *(int*)arrivals);
  free(arrivals);
}

/* The data is not ours to free, but that of the release, which the module calls when it is done. */
static void callback_data(void) {
  int* const arrivals = calloc(1, sizeof *arrivals);
  if (!arrivals) return;
  const post_arrival handler = {count, arrivals, end_of_data};
  post_branch* branch = north->branch_create(NULL);
  printf("%d. A callback called after its data is gone\n", ++mistakes);
  INSTEAD(north->branch_on_arrival(branch, &handler));
  INSTEAD(north->branch_receive(branch, 500));
  INSTEAD(north->branch_destroy(branch));
  INSTEAD(north->branch_receive(branch, 700));
}

int main(void) {
  if (!load_modules()) return 1;

  array_to_delete();
  malloc_to_delete();
  new_to_free();
  object_as_bytes();
  leak();
  double_free();
  two_owners();
  cycle();
  two_libraries();
  parent_first();
  callback_data();

  fflush(stdout); /* what libtally writes at exit is to come after it */
  return went_through ? 1 : 0;
}
