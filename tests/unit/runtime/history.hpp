// Histories: what threads asked of a few objects and were answered, and when; and whether there is an order
// in which all of it could have been done one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tally::runtime::test {

enum class Act { call, destroy, try_destroy, transfer, retain, make_child };
enum class Answer {
  done,
  gone,    // stale, already destroyed, given away, the parent is gone
  in_use,  // borrowed, has children, concurrent use
};

/// Objects and tokens are numbers. An object lives as long as it has a token that is good.
struct Operation {
  Act act;
  int thread;
  int object;
  int token = -1;  ///< that it consumes
  int made = -1;   ///< that it makes; of a child also the object
  Answer answer = Answer::done;
  std::uint64_t invoked = 0;
  std::uint64_t answered = 0;
  std::uint64_t entered = 0;  ///< of make_child, when the call of the parent began: earlier than `invoked`
  std::uint64_t left = 0;     ///< of a call, when it left the object: later than `answered`
};

/// Which object each token is of, parents of objects (-1: none), and the tokens that are there at first.
struct World {
  std::vector<int> object_of;
  std::vector<int> parent_of;
  std::uint64_t good = 0;  ///< a bit for each token
};

/// Whether an order explains every answer that keeps to real time: what was answered before something else
/// was asked comes first. At most 32 operations and 64 tokens. By search, after Wing and Gong, "Testing and
/// Verifying Concurrent Objects" (1993).
bool is_explained(const World& world, const std::vector<Operation>& history);

/// One line for each operation, in the order in which they were asked.
std::string as_text(std::vector<Operation> history);

}  // namespace tally::runtime::test
