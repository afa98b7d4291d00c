// A C++ program that is linked to the module. Exit code 0 when all is balanced.
#include <iostream>

#include "counter.hpp"

int main() {
  {
    const counter::Module module = counter::Module::linked();
    const counter::Counter counter = counter::Counter::create(module);
    static_cast<void>(counter.add(42));
    std::cout << "linked.cpp: " << counter.show().text() << std::endl;
  }
  return tally_ledger_write(1, 0) == 0 ? 0 : 1;
}
