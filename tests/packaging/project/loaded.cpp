// A C++ program that loads the module, whose file it is given. Exit code 0 when all is balanced.
#include <iostream>

#include "counter.hpp"

int main(int, char** arguments) try {
  const counter::Module module = counter::Module::load(arguments[1]);
  {
    const counter::Counter counter = counter::Counter::create(module, 40);
    static_cast<void>(counter.add(2));
    std::cout << "loaded.cpp: " << counter.show().text() << std::endl;
  }
  return tally_ledger_write(1, 0) == 0 ? 0 : 1;
} catch (const tally::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
