/* Tokens that are given back twice, or as what they are not. */
#include <stdlib.h>

#include "ownership.h"

void twice(void) {
  ownership_database* database = ownership_database_create("a", 1, NULL);
  ownership_database_destroy(database);
  ownership_database_destroy(database);  // expect: doubleFree
}

void released_twice(void) {
  ownership_image* image = ownership_image_create(1, 1, NULL);
  ownership_image_release(image);
  ownership_image_release(image);  // expect: doubleFree
}

void as_another_class(void) {
  ownership_image* image = ownership_image_create(1, 1, NULL);
  ownership_database_destroy((ownership_database*)image);  // expect: mismatchAllocDealloc
}

void an_array_as_one(void) {
  ownership_sample_array* samples = ownership_sample_array_create(9, 1, 1, NULL);
  ownership_sample_destroy((ownership_sample*)samples);  // expect: mismatchAllocDealloc
}

void by_free(void) {
  ownership_database* database = ownership_database_create("a", 1, NULL);
  free(database);  // expect: mismatchAllocDealloc
}

void nowhere_to_write(const ownership_database* database) {
  ownership_database_count(database, NULL);  // expect: nullPointer
}
