// Small random programs on several threads, and their run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history.hpp"

namespace histories_test {

enum class Act : std::uint8_t {
  make,
  call,
  refer,
  retain,
  pass,
  pass_in_vain,
  end,
  end_in_vain,
  change,
  destroy,
  try_destroy,
};

/// What one thread does with one object.
struct Instruction {
  Act act;
  int object;
  int token = kNone;  ///< the word that is used, of a child its parent's; none: the handle
  int made = kNone;   ///< the token that may come of it
  int held = kNone;   ///< the module's, meanwhile
};

struct Program {
  unsigned seed = 0;
  World world;
  /// What each thread makes before all begin, and what it does then.
  std::vector<std::vector<Instruction>> first;
  std::vector<std::vector<Instruction>> then;
};

Program random_program(unsigned seed);
std::string as_text(const Program& program);

/// Runs it so many times, on threads of its own, with other delays between steps each time. The first history
/// that can't be explained, and why; none if there is none.
struct Failure {
  History history;
  std::string why;
};
std::optional<Failure> play(const Program& program, int times, bool is_exact);

/// The program without what it fails without as well, and its failure.
std::pair<Program, Failure> made_smaller(Program program, Failure failure, bool is_exact);

}  // namespace histories_test
