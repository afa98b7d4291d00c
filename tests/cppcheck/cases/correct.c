/* What is right: every token given back, given away or returned. */
#include "ownership.h"

int destroyed(void) {
  uint64_t rows = 0;
  ownership_database* database = ownership_database_create("a", 1, NULL);
  if (database == NULL) return -1;
  if (ownership_database_count(database, &rows) < 0) {
    ownership_database_destroy(database);
    return -1;
  }
  return ownership_database_destroy(database);
}

int given(const ownership_album* album) {
  ownership_image* image = ownership_image_create(1, 1, NULL);
  if (ownership_album_add(album, &image) < 0) return ownership_image_release(image);
  return 0;
}

ownership_database* returned(void) {
  ownership_database* database = ownership_database_create("a", 1, NULL);
  ownership_database_compact(database);
  return database;
}

int released_twice_for_two_references(void) {
  ownership_image* first = ownership_image_create(1, 1, NULL);
  ownership_image* second = ownership_image_retain(first, NULL);
  ownership_image_release(first);
  return ownership_image_release(second);
}

int of_a_method(const ownership_database* database) {
  ownership_statement* statement = NULL;
  if (ownership_database_prepare(database, "select", 6, &statement) < 0) return -1;
  return ownership_statement_destroy(statement);
}

int consumed(const ownership_database* database) {
  uint64_t rows = 0;
  ownership_statement* statement = ownership_statement_on(database, "select", 6, NULL);
  if (ownership_statement_finish(&statement, &rows) < 0) return ownership_statement_destroy(statement);
  return 0;
}

int elements(void) {
  const ownership_sample* element = NULL;
  uint32_t next = 0;
  ownership_sample_array* samples = ownership_sample_array_create(9, 1, 1, NULL);
  if (ownership_sample_array_at(samples, 3, &element) >= 0) ownership_sample_next(element, &next);
  return ownership_sample_array_destroy(samples);
}
