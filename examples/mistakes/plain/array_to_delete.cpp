// A hundred strings are made as an array, and given back as one.
#include <cstdio>
#include <string>

int main() {
  std::string* const names = new std::string[100];
  names[99] = "a name that is too long for the string's own storage";
  std::puts(names[99].c_str());
  delete names;  // the bug: delete[] is the pair of new[]
}
