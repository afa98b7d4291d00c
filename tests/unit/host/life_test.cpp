// The end of a thread against the end of a module that it has used, in either order and at once.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <string>
#include <thread>

#include "probe.hpp"

namespace {

const std::string path = std::string(MODULES) + "/probe_1_0.so";

void use(const probe::Module& module) {
  const probe::Probe object = probe::Probe::create(module, 5);
  EXPECT_EQ(object.value(), 5);
}

bool is_mapped() {
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (library) dlclose(library);
  return library != nullptr;
}

TEST(Life, AThreadEndsAfterTheModuleThatItUsed) {
  probe::Module module = probe::Module::load(path);
  std::barrier step(2);
  std::thread user([&] {
    use(module);
    step.arrive_and_wait();
    step.arrive_and_wait();
  });
  step.arrive_and_wait();
  module.unload();
  EXPECT_FALSE(is_mapped());
  step.arrive_and_wait();
  user.join();
}

TEST(Life, AThreadThatUsedAModuleUsesItAgainWhenItHasComeBack) {
  probe::Module module = probe::Module::load(path);
  std::barrier step(2);
  std::thread user([&] {
    for (int i = 0; i < 3; ++i) {
      use(module);
      step.arrive_and_wait();
      step.arrive_and_wait();
    }
  });
  for (int i = 0; i < 3; ++i) {
    step.arrive_and_wait();
    module.unload();
    module = probe::Module::load(path);
    step.arrive_and_wait();
  }
  user.join();
  module.unload();
}

// The thread has let go of all it had, and is on its way out: so the unload is not refused, and one of the
// two comes first.
TEST(Life, AThreadEndsWhileItsModuleIsUnloaded) {
  constexpr int kTimes = 300;
  for (int i = 0; i < kTimes && !::testing::Test::HasFailure(); ++i) {
    probe::Module module = probe::Module::load(path);
    std::barrier step(2);
    std::thread user([&] {
      use(module);
      step.arrive_and_wait();
    });
    step.arrive_and_wait();
    module.unload();
    user.join();
  }
  EXPECT_FALSE(is_mapped());
}

TEST(Life, AThreadEndsWithADestructorThatWaitsForItWhileItsModuleIsUnloaded) {
  constexpr int kTimes = 300;
  for (int i = 0; i < kTimes && !::testing::Test::HasFailure(); ++i) {
    probe::Module module = probe::Module::load(path);
    probe_probe* token = nullptr;
    std::barrier step(2);
    std::thread user([&] {
      token = probe::Probe::create(module, 1).detach();
      step.arrive_and_wait();
      step.arrive_and_wait();
    });
    step.arrive_and_wait();
    EXPECT_EQ(module.api()->probe_destroy(token), TALLY_DEFERRED);
    step.arrive_and_wait();
    bool is_unloaded = false;
    while (!is_unloaded) {
      try {
        module.unload();
        is_unloaded = true;
      } catch (const tally::Error& error) {
        ASSERT_EQ(error.status(), TALLY_HAS_CHILDREN) << error.what();
      }
    }
    user.join();
  }
  EXPECT_FALSE(is_mapped());
}

// Whoever forks takes the locks of all modules, and one of them may be unmapped at that moment.
TEST(Life, AProcessForksWhileAModuleIsUnloaded) {
  constexpr int kTimes = 1000;
  std::atomic<bool> is_over = false;
  std::thread loader([&] {
    while (!is_over) {
      probe::Module module = probe::Module::load(path);
      use(module);
      module.unload();
    }
  });
  int failed = 0;
  for (int i = 0; i < kTimes && failed == 0; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(20);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    failed = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  EXPECT_EQ(failed, 0) << "-1: it hung or crashed";
  is_over = true;
  loader.join();
}

}  // namespace
