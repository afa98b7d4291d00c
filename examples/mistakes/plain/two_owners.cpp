// Two smart pointers each believe that they alone own the same object.
#include <cstdio>
#include <memory>
#include <string>

int main() {
  std::string* const label = new std::string("Ada, London");
  const std::shared_ptr<std::string> mine(label);
  const std::shared_ptr<std::string> yours(label);  // the bug: a second count of one object
  std::puts(yours->c_str());
}
