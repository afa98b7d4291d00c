// Random programs against the model, each in a process of its own, so that one that crashes can be made
// smaller as well; and those that have once found a bug, from regressions/.
#include <rapidcheck.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include "player.hpp"

namespace property_test {
namespace {

constexpr unsigned kSecondsPerProgram = 2;  // one takes a millisecond, or hangs
constexpr std::chrono::seconds kToMakeSmaller{60};
constexpr int kProgramsInRound = 500;  // from short ones to those of a hundred steps

// What the program in the child process has written into the pipe, and how it ended.
std::string outcome_of(int reading, pid_t child) {
  std::string text;
  char piece[512];
  for (ssize_t size = 0; (size = read(reading, piece, sizeof piece)) > 0;)
    text.append(piece, static_cast<std::size_t>(size));
  close(reading);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return text + "it died of signal " + std::to_string(WTERMSIG(status));
  if (text.empty() && WEXITSTATUS(status) != 0) return "it ended with " + std::to_string(WEXITSTATUS(status));
  return text;
}

std::string play_apart(const std::vector<Step>& program) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    alarm(kSecondsPerProgram);
    const std::string failure = play(program);
    const bool is_told =
        write(ends[1], failure.data(), failure.size()) == static_cast<ssize_t>(failure.size());
    _exit(failure.empty() && is_told ? 0 : 1);
  }
  close(ends[1]);
  return outcome_of(ends[0], child);
}

bool play_kept(const std::string& folder) {
  bool is_good = true;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".txt") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string failure = play_apart(from_text(text.str()));
    if (failure.empty()) continue;
    std::cerr << entry.path() << ": " << failure << '\n';
    is_good = false;
  }
  return is_good;
}

// RapidCheck counts programs, and here it is seconds that count: rounds of programs, each from another seed.
bool play_random(int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::vector<Step> smallest;  // shrinking goes from one failure to a smaller one
  std::string why;
  std::uint64_t played = 0;
  rc::detail::TestParams round;
  round.seed = std::random_device()();
  round.maxSuccess = kProgramsInRound;
  for (; smallest.empty() && std::chrono::steady_clock::now() < end; ++round.seed) {
    const auto property = [&] {
      const auto bytes = *rc::gen::arbitrary<std::vector<std::array<std::uint8_t, 4>>>();
      std::vector<Step> program;
      for (const auto& each : bytes) program.push_back({each[0], each[1], each[2], each[3]});
      const bool is_small_enough = std::chrono::steady_clock::now() > end + kToMakeSmaller;
      if (is_small_enough) return;
      ++played;
      const std::string failure = play_apart(program);
      if (failure.empty()) return;
      smallest = program;
      why = failure;
      RC_FAIL(failure);
    };
    rc::detail::checkTestable(property, rc::detail::TestMetadata{}, round);
  }
  std::cout << played << " programs\n";
  if (smallest.empty()) return true;
  std::cerr << why << "\nKeep it as a file in regressions/:\n" << to_text(smallest);
  return false;
}

}  // namespace
}  // namespace property_test

// property_test FOLDER [SECONDS]: the programs in the folder, and random ones for so long.
int main(int count, char** arguments) {
  const bool is_good = property_test::play_kept(arguments[1]);
  return is_good && (count < 3 || property_test::play_random(std::atoi(arguments[2]))) ? 0 : 1;
}
