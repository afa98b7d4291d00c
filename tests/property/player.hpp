// Plays a program of calls twice, through the exported functions of the module and in the model, and says
// where they differ.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace property_test {

/// One call: which, with what; the numbers are taken modulo what there is to choose from.
struct Step {
  std::uint8_t operation;
  std::uint8_t object;
  std::uint8_t other;
  std::uint8_t detail;
};

/// "" if the module did what the model says, else what it did instead. Everything is given back at the end.
std::string play(const std::vector<Step>& program);

/// A step for each line, as four numbers: how programs are kept in files, where other lines are comments.
std::string to_text(const std::vector<Step>& program);
std::vector<Step> from_text(const std::string& text);

}  // namespace property_test
