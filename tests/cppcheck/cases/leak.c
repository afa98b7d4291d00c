/* Tokens that nobody gives back: of an object, of a reference, of an array, and one on the way out of an error. */
#include "ownership.h"

void object(void) {
  uint64_t rows = 0;
  ownership_database* database = ownership_database_create("a", 1, NULL);
  ownership_database_count(database, &rows);
}  // expect: resourceLeak

void on_the_way_out(void) {
  uint64_t rows = 0;
  ownership_database* database = ownership_database_create("a", 1, NULL);
  if (database == NULL) return;
  if (ownership_database_count(database, &rows) < 0) return;  // expect: resourceLeak
  ownership_database_destroy(database);
}

void reference(const ownership_image* image) {
  ownership_image* mine = ownership_image_retain(image, NULL);
  ownership_image_paint(mine, 3);
}  // expect: resourceLeak

void array(void) {
  uint64_t size = 0;
  ownership_sample_array* samples = ownership_sample_array_create(9, 1, 1, NULL);
  ownership_sample_array_size(samples, &size);
}  // expect: resourceLeak

void thrown_away(void) {
  ownership_database_create("a", 1, NULL);  // expect: leakReturnValNotUsed
}
