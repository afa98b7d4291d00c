/* Makes every mistake that there is to make with somebody else's objects, and prints what is answered.
   Nothing crashes, nothing is freed twice, and every object is afterwards as it was: each function below ends
   with the right call, which still works. Only the last one forgets something, which is named when the
   program has ended.

       mistakes

   The objects are those of two modules, post_north and post_south, of one interface (post.json). Calls go
   through tables of functions, where no compiler can see what is wrong with them. Exit code 0: each mistake
   was refused; 1: one was not, or the modules could not be loaded. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#include "answers.h"

static void destroy_twice(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  north->parcel_destroy(parcel);
  MISTAKE("Destroy twice", north->parcel_destroy(parcel));
}

static void use_after_destroy(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  uint32_t grams;
  north->parcel_destroy(parcel);
  MISTAKE("Use after destroy", north->parcel_weigh(parcel, &grams));
}

static void wrong_class(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  tally_blob text;
  MISTAKE("The wrong class, by a cast", north->label_read((const post_label*)parcel, &text));
  north->parcel_destroy(parcel);
}

static void handle_for_token(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  const post_parcel* handle = north->parcel_ref(parcel);
  MISTAKE("A handle where a token is due", north->parcel_destroy((post_parcel*)handle));
  north->parcel_destroy(parcel);
}

static void given_away(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  post_label* label = north->label_create("Ada, London", TALLY_NUL_TERMINATED, NULL);
  post_label* copy = label;
  north->parcel_stick(parcel, &label);
  MISTAKE("Destroy what was given away", north->label_destroy(copy));
  north->parcel_destroy(parcel);
}

static void other_module(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  uint32_t grams;
  MISTAKE("A handle of another module", south->parcel_weigh(parcel, &grams));
  north->parcel_destroy(parcel);
}

static void made_up(void) {
  uint32_t grams;
  MISTAKE("A word that is made up", north->parcel_weigh((const post_parcel*)0x7ffe0badcafe, &grams));
}

static void blob_as_object(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  tally_blob text;
  north->parcel_address(parcel, &text);
  MISTAKE("A blob freed as an object", north->parcel_destroy((post_parcel*)text.owner));
  tally_blob_free(&text);
  north->parcel_destroy(parcel);
}

static void object_as_blob(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  tally_blob text = {NULL, 0, (tally_blob_owner*)parcel};
  MISTAKE("An object freed as a blob", tally_blob_free(&text));
  north->parcel_destroy(parcel);
}

static void blob_twice(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  tally_blob text;
  north->parcel_address(parcel, &text);
  tally_blob copy = text;
  tally_blob_free(&text);
  MISTAKE("A blob freed twice, through a copy", tally_blob_free(&copy));
  north->parcel_destroy(parcel);
}

static void* weigh_elsewhere(void* parcel) {
  uint32_t grams;
  MISTAKE("A call on another thread", north->parcel_weigh(parcel, &grams));
  return NULL;
}

static void wrong_thread(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  pthread_t other;
  if (pthread_create(&other, NULL, weigh_elsewhere, parcel) == 0) pthread_join(other, NULL);
  north->parcel_destroy(parcel);
}

static void unload_too_early(void) {
  post_parcel* parcel = north->parcel_create(500, NULL);
  MISTAKE("Unload a module whose objects live", tally_module_unload(north_module));
  north->parcel_destroy(parcel);
}

/* No call of ours is wrong here, and nothing is answered: the ledger knows. */
static void forget(void) {
  printf("%d. Forget three parcels, and end the program\n", ++mistakes);
  printf("   for (uint32_t i = 1; i <= 3; ++i) forgotten = north->parcel_create(100 * i, NULL)\n");
  post_parcel* forgotten = NULL;
  for (uint32_t i = 1; i <= 3; ++i) forgotten = north->parcel_create(100 * i, NULL);
  (void)forgotten;
}

int main(void) {
  if (!load_modules()) return 1;

  destroy_twice();
  use_after_destroy();
  wrong_class();
  handle_for_token();
  given_away();
  other_module();
  made_up();
  blob_as_object();
  object_as_blob();
  blob_twice();
  wrong_thread();
  unload_too_early();
  forget();

  fflush(stdout); /* what libtally writes at exit is to come after it */
  return went_through ? 1 : 0;
}
