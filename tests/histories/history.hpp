// Histories: what threads asked, what they were answered, and when; and whether there is an order in which
// all of it could have been done one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model.hpp"

namespace histories_test {

/// A call: from when it was made to when it returned, it may have been inside the object; from `inside` to
/// `outside`, when the author's code ran, it was. 0 if it never was.
struct Stay {
  /// By borrowing the object; or by consuming it, or its token, for which there are no turns to take.
  enum class Way : std::uint8_t { call, consuming, taking } way;
  int object;
  int thread;
  std::uint64_t from = 0;
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  std::uint64_t to = 0;
  /// 0, or the place (World::Object::place) that its word seems to be of at first: a reference's word has the
  /// number of the reference, which is that of another object's place.
  std::uint32_t place = 0;
};

struct History {
  World world;
  std::vector<Step> steps;
  std::vector<Stay> stays;
};

inline constexpr std::size_t kMostSteps = 64;

/// Nothing, if an order explains every answer that keeps to real time: what had happened before something
/// else was asked comes first. Otherwise what is wrong, in a line. By search, after Wing and Gong, "Testing
/// and Verifying Concurrent Objects" (1993), with Lowe's memory of what has been tried. `is_exact`: an
/// overlap of calls of which one at a time may be inside is always noticed.
std::string unexplained(const History& history, bool is_exact);

/// One line for each step, in the order in which they were asked.
std::string as_text(const History& history);

}  // namespace histories_test
