/* Library B: it prints a text, which is its own from then on. */
void b_print(char* text);
