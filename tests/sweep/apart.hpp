// A run in a process of its own, in which nothing was ever called: what is made once must be able to fail,
// too. One that crashes, or hangs, is known by its number, and disturbs no other.
#pragma once

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>

namespace sweep {

/// What a run comes to.
struct Result {
  bool is_good;
  bool has_failed;    ///< an allocation
  std::int64_t left;  ///< blocks of the process's memory that it leaves
};

/// `run` returns a Result. No good if it did not come to its end; that is then said on standard error.
template <class Run>
Result apart(Run&& run) {
  static auto* const result = static_cast<Result*>(
      mmap(nullptr, sizeof(Result), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  *result = {};
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    // What it throws ends it here: the test that catches it would go on with the tests, once more.
    *result = [&]() noexcept { return run(); }();
    std::fflush(nullptr);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) std::fprintf(stderr, "it died of signal %d\n", WTERMSIG(status));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) result->is_good = false;
  return *result;
}

}  // namespace sweep
