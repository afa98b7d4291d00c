// An object of new is given to free.
#include <cstdio>
#include <cstdlib>
#include <string>

int main() {
  std::string* const name = new std::string("a name that is too long for the string's own storage");
  std::puts(name->c_str());
  std::free(name);  // the bug: delete is the pair of new
}
