// tallystick: see cli.hpp.
#include <iostream>

#include "cli/cli.hpp"

int main(int argc, char** argv) {
  return tally::cli::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), std::cout,
                         std::cerr);
}
