// What a call costs besides time: on a thread that is attached, a call by handle allocates nothing, makes no
// system call (and so waits for no lock) and touches no page for the first time, whether it is refused or
// not; on a real-time thread neither does a destroy.
#include <gtest/gtest.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "conformance.h"
#include "failing.hpp"

namespace sweep {
namespace {

constexpr int kCalls = 200'000;    // of each: a million
constexpr int kDestroys = 20'000;  // of each

// One object of each thread rule; the ones that may have been another thread's before.
class Quiet : public ::testing::Test {
 protected:
  Quiet() {
    std::thread([this] {
      std::int64_t level = 0;
      EXPECT_EQ(api_.pool_level(api_.pool_ref(pool_), &level), TALLY_OK);
      EXPECT_EQ(api_.till_sum(api_.till_ref(till_), &level), TALLY_OK);
    }).join();
    EXPECT_EQ(api_.till_drawer(till_, &drawer_), TALLY_OK);
    EXPECT_EQ(api_.counter_destroy(gone_), TALLY_OK);
    EXPECT_EQ(tally_thread_attach(), TALLY_OK);
    EXPECT_TRUE(call_all(1)) << "and what the dynamic linker does at a first call is done";
  }
  ~Quiet() override {
    EXPECT_EQ(api_.drawer_destroy(drawer_), TALLY_OK);
    EXPECT_EQ(api_.till_destroy(till_), TALLY_OK);
    EXPECT_EQ(api_.pool_destroy(pool_), TALLY_OK);
    EXPECT_EQ(api_.counter_destroy(counter_), TALLY_OK);
  }

  // Whether each was answered as it has to be.
  bool call_all(int times) const {
    std::int64_t number = 0;
    for (int i = 0; i < times; ++i) {
      const bool is_right = api_.counter_value(counters_, &number) == TALLY_OK &&
                            api_.pool_level(pools_, &number) == TALLY_OK &&
                            api_.till_sum(tills_, &number) == TALLY_OK &&
                            api_.drawer_put(api_.drawer_ref(drawer_), 1, &number) == TALLY_OK &&
                            api_.counter_value(gones_, &number) == TALLY_STALE_HANDLE;
      if (!is_right) return false;
    }
    return true;
  }

  const conformance_api& api_ = *conformance_linked_api();
  conformance_counter* const counter_ = api_.counter_create(5, nullptr);
  conformance_counter* const gone_ = api_.counter_create(5, nullptr);
  conformance_pool* const pool_ = api_.pool_create(5, nullptr);
  conformance_till* const till_ = api_.till_create(nullptr);
  conformance_drawer* drawer_ = nullptr;
  const conformance_counter* const counters_ = api_.counter_ref(counter_);
  const conformance_counter* const gones_ = api_.counter_ref(gone_);
  const conformance_pool* const pools_ = api_.pool_ref(pool_);
  const conformance_till* const tills_ = api_.till_ref(till_);
};

TEST_F(Quiet, ACallAllocatesNothing) {
  const Failing failing({.whose = Whose::process, .how_long = HowLong::for_good, .n = 1});
  EXPECT_TRUE(call_all(kCalls));
  EXPECT_EQ(failures(), 0u);
}

TEST_F(Quiet, AThreadThatIsAttachedHasAllItNeeds) {
  tally_status level = TALLY_OK;
  tally_status refused = TALLY_OK;
  std::uint64_t failed = 0;
  std::string text;
  std::thread([&] {
    EXPECT_EQ(tally_thread_attach(), TALLY_OK);
    {
      const Failing failing({.whose = Whose::process, .how_long = HowLong::for_good, .n = 1});
      std::int64_t number = 0;
      level = api_.pool_level(pools_, &number);
      refused = api_.counter_value(gones_, &number);
      failed = failures();
    }
    text = tally_last_error()->text;
  }).join();
  EXPECT_EQ(level, TALLY_OK);
  EXPECT_EQ(refused, TALLY_STALE_HANDLE);
  EXPECT_NE(text.find("conformance_counter_value: stale handle"), std::string::npos) << text;
  EXPECT_EQ(failed, 0u);
}

// With strict seccomp a system call other than read, write and exit ends the process.
TEST_F(Quiet, ACallMakesNoSystemCall) {
  const pid_t child = fork();
  if (child == 0) {
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(2);
    syscall(SYS_exit, call_all(kCalls) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status)) << "it made one: signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Quiet, ACallTouchesNoPageForTheFirstTime) {
  rusage before{};
  rusage after{};
  getrusage(RUSAGE_THREAD, &before);
  const bool is_right = call_all(kCalls);
  getrusage(RUSAGE_THREAD, &after);
  EXPECT_TRUE(is_right);
  EXPECT_EQ(after.ru_minflt, before.ru_minflt);
  EXPECT_EQ(after.ru_majflt, before.ru_majflt);
}

// Objects that another thread has made, for a real-time thread to destroy.
class QuietEnd : public ::testing::Test {
 protected:
  QuietEnd() {
    EXPECT_EQ(tally_thread_attach(), TALLY_OK);
    for (int i = 0; i < kDestroys; ++i) {
      pools_.push_back(api_.pool_create(5, nullptr));
      tills_.push_back(api_.till_create(nullptr));
      tally_blob blob{};
      EXPECT_EQ(api_.allocate(10, 0, 0, &blob), TALLY_OK);
      blobs_.push_back(blob);
    }
  }

  // Whether each was handed over. What the dynamic linker does at a first call is done by the first few.
  bool end_all(std::size_t from, std::size_t to) const {
    for (std::size_t i = from; i < to; ++i) {
      const bool is_right = api_.pool_destroy(pools_[i]) == TALLY_DEFERRED &&
                            api_.till_destroy(tills_[i]) == TALLY_DEFERRED &&
                            tally_blob_free(&blobs_[i]) == TALLY_DEFERRED;
      if (!is_right) return false;
    }
    return true;
  }

  // Does this on a real-time thread that has destroyed something before; `end` is from where on.
  template <class Body>
  void on_realtime_thread(Body&& body) {
    std::thread([&] {
      EXPECT_EQ(tally_thread_realtime(1), TALLY_OK);
      EXPECT_TRUE(end_all(0, kFew));
      body();
    }).join();
    EXPECT_GE(tally_collect(), std::uint64_t{3} * kDestroys);
  }

  static constexpr std::size_t kFew = 10;
  const conformance_api& api_ = *conformance_linked_api();
  std::vector<conformance_pool*> pools_;
  std::vector<conformance_till*> tills_;
  mutable std::vector<tally_blob> blobs_;
};

TEST_F(QuietEnd, ADestroyAllocatesNothing) {
  on_realtime_thread([&] {
    const Failing failing({.whose = Whose::process, .how_long = HowLong::for_good, .n = 1});
    EXPECT_TRUE(end_all(kFew, kDestroys));
    EXPECT_EQ(failures(), 0u);
  });
}

TEST_F(QuietEnd, ADestroyTouchesNoPageForTheFirstTime) {
  on_realtime_thread([&] {
    rusage before{};
    rusage after{};
    getrusage(RUSAGE_THREAD, &before);
    EXPECT_TRUE(end_all(kFew, kDestroys));
    getrusage(RUSAGE_THREAD, &after);
    EXPECT_EQ(after.ru_minflt, before.ru_minflt);
    EXPECT_EQ(after.ru_majflt, before.ru_majflt);
  });
}

TEST_F(QuietEnd, ADestroyMakesNoSystemCall) {
  const pid_t child = fork();
  if (child == 0) {
    const bool is_ready = tally_thread_realtime(1) == TALLY_OK && end_all(0, kFew);
    if (!is_ready || prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(2);
    syscall(SYS_exit, end_all(kFew, kDestroys) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status)) << "it made one: signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  on_realtime_thread([&] { EXPECT_TRUE(end_all(kFew, kDestroys)); });
}

}  // namespace
}  // namespace sweep
