/* Library A: it makes texts. */
char* a_text(int number);
void a_free(char* text);
