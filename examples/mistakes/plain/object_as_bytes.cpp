// An object that has members is freed as the bytes that it lies in.
#include <cstdio>
#include <string>

struct Label {
  std::string name;
  std::string street;
};

int main() {
  Label* const label = new Label{"Ada", "a street whose name is too long for the string's own storage"};
  std::puts(label->street.c_str());
  delete reinterpret_cast<char*>(label);  // the bug: no member is destroyed, and the size is wrong
}
