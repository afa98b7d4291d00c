/* A shared library that has nothing to do with Tallystick. */
int no_module_answer(void);

int no_module_answer(void) {
  return 42;
}
