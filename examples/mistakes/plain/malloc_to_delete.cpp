// Memory of malloc is given to delete.
#include <cstdio>
#include <cstdlib>

int main() {
  int* const grams = static_cast<int*>(std::malloc(sizeof(int)));
  if (!grams) return 1;
  *grams = 500;
  std::printf("%d\n", *grams);
  delete grams;  // the bug: free is the pair of malloc
}
