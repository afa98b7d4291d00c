/* A library that needs libtally twice, under two names. */
int needs_both_names(void);

int needs_both_names(void) {
  return 2;
}
