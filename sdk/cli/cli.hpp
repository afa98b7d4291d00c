// The `tallystick` command as a function, so that tests can call it.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace tally::cli {

/// Runs the command with these arguments (without the program's name) and returns its exit code: 0 fine, 1
/// the input is wrong, 2 the command line is wrong. Throws nothing.
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace tally::cli
