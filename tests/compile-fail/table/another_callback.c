/* A function of another kind is given where a callback is wanted. */
#include "shelf.h"

static tally_status TALLY_CALL by_number(void* user, uint32_t page) {
  (void)user;
  (void)page;
  return TALLY_OK;
}

static tally_status TALLY_CALL by_name(void* user, const char* page) {
  (void)user;
  (void)page;
  return TALLY_OK;
}

void misuse(const shelf_book* book) {
  shelf_listener to = {TALLY_NULL, TALLY_NULL, TALLY_NULL};
#ifdef FIXED
  (void)by_name;
  to.call = by_number;
#else
  (void)by_number;
  to.call = by_name;
#endif
  shelf_book_read(book, &to);
}
