// A forked child: it may look, and create and destroy; what other threads were inside of when it was forked
// stays as it was.
#include <link.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "sharing.hpp"
#include "tally/ledger.h"

namespace tally::runtime::test {
namespace {

const Export exported(sharing);  // what is to be done at a fork is known of the module's interfaces

constexpr unsigned kTooLong = 20;  // seconds, after which a child that hangs is ended

// Such a child starts no threads under the thread sanitizer, which ends it for that.
#ifdef __SANITIZE_THREAD__
constexpr int kThreadsOfTheChild = 0;
#else
constexpr int kThreadsOfTheChild = 20;
#endif

// The exit code of a child that does this; -1 if it had to be ended.
int in_child(const std::function<bool()>& task) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(kTooLong);
    _exit(task() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool makes_and_ends_one_of_each() {
  Opaque* const shared = make(shared_table);
  Opaque* const exclusive = make(exclusive_table);
  Opaque* const child = make(member_table, exclusive_table.place_of(exclusive));
  Opaque* const first = make(counted);
  const Word second = counted.retain(in_call(), first);
  return shared && end(member_table, child) == TALLY_OK && end(exclusive_table, exclusive) == TALLY_OK &&
         end(shared_table, shared) == TALLY_OK && end(counted, first) == TALLY_OK &&
         end(counted, as_pointer<Opaque>(second)) == TALLY_OK;
}

// Just before a fork, and after the fork in the parent.
std::function<void()> last_of_all;
std::function<void()> first_of_all;

// What is registered first is called last before a fork: earlier than libtally's own start.
void watch_forks() {
  pthread_atfork(
      [] {
        if (last_of_all) last_of_all();
      },
      [] {
        if (first_of_all) first_of_all();
      },
      nullptr);
}
[[gnu::section(".preinit_array"), gnu::used]] void (*const before_all_else)() = watch_forks;

using Fork = Sharing;

TEST_F(Fork, TheChildLooksAndDestroys) {
  Opaque* const token = make(shared_table);
  EXPECT_EQ(in_child([&] {
              return balance_of(shared_table).live == 1 && end(shared_table, token) == TALLY_OK && ended == 1;
            }),
            0);
  EXPECT_EQ(end(shared_table, token), TALLY_OK) << "the parent's is another";
}

TEST_F(Fork, WhatAnotherThreadWasInsideOfDoesNotEndInTheChild) {
  Opaque* const token = make(shared_table);
  const Opaque* const word = handle(shared_table, token);
  std::promise<void> is_inside;
  std::promise<void> may_leave;
  std::thread user([&] {
    Use use(shared_table, in_call(), "self", word);
    is_inside.set_value();
    may_leave.get_future().wait();
  });
  is_inside.get_future().wait();
  // Threads of the child's have the memory of those that it does not have.
  EXPECT_EQ(in_child([&] {
              for (int i = 0; i < kThreadsOfTheChild; ++i)
                std::thread([] { makes_and_ends_one_of_each(); }).join();
              ended = 0;
              return end(shared_table, token) == TALLY_DEFERRED && tally_wait(nullptr, 10) == 1 && ended == 0;
            }),
            0);
  may_leave.set_value();
  user.join();
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
}

int look_slowly(const tally_entry*, void* user) {
  static_cast<std::promise<void>*>(user)->set_value();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 1;
}

TEST_F(Fork, TheChildReadsTheLedgerThatAnotherThreadWasReading) {
  Opaque* const token = make(shared_table);
  std::promise<void> is_reading;
  std::thread reader([&] { tally_ledger_live("sharing_module", look_slowly, &is_reading); });
  is_reading.get_future().wait();
  EXPECT_EQ(in_child([&] { return tally_wait(nullptr, 0) == 0 && end(shared_table, token) == TALLY_OK; }), 0);
  reader.join();
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
}

// Threads that are in the middle of everything at any moment, and a parent that forks all the time. Not under
// the sanitizers, in whose allocators a child can find a lock taken that is not ours.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_F(Fork, TheChildFindsNoLockTaken) {
  constexpr int kForks = 100;
  std::atomic<bool> is_over = false;
  std::vector<std::thread> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&] {
      while (!is_over) {
        makes_and_ends_one_of_each();
        std::thread([] { makes_and_ends_one_of_each(); }).join();
      }
    });
  }
  int failed = 0;
  for (int i = 0; i < kForks && failed == 0; ++i) {
    failed = in_child([] {
      std::vector<tally_entry> seen;
      tally_ledger_live(
          nullptr,
          [](const tally_entry* entry, void* user) {
            static_cast<std::vector<tally_entry>*>(user)->push_back(*entry);
            return 0;
          },
          &seen);
      return makes_and_ends_one_of_each();
    });
  }
  EXPECT_EQ(failed, 0) << "-1: it hung";
  is_over = true;
  for (std::thread& each : others) each.join();
}
#endif

// Another thread has the dynamic linker's lock when the process forks, and the child never gets it.
TEST_F(Fork, TheChildNamesSitesThoughAnotherThreadWasInTheDynamicLinker) {
  Opaque* const token = make(shared_table);
  std::promise<void> is_inside;
  std::promise<void> may_leave;
  std::thread user;
  last_of_all = [&] {
    user = std::thread([&] {
      dl_iterate_phdr(
          [](dl_phdr_info*, std::size_t, void* inside) {
            static_cast<std::function<void()>*>(inside)->operator()();
            return 1;
          },
          std::make_unique<std::function<void()>>([&] {
            is_inside.set_value();
            may_leave.get_future().wait();
          }).get());
    });
    is_inside.get_future().wait();
  };
  first_of_all = [&] { may_leave.set_value(); };
  EXPECT_EQ(in_child([&] {
              std::uint64_t found = 0;
              tally_ledger_live(
                  nullptr,
                  [](const tally_entry* entry, void* count) {
                    char text[256];
                    *static_cast<std::uint64_t*>(count) +=
                        tally_site_text(entry->created, text, sizeof text) > 0;
                    return 0;
                  },
                  &found);
              return found == 1 && end(shared_table, token) == TALLY_OK;
            }),
            0)
      << "-1: it hung";
  last_of_all = first_of_all = nullptr;
  user.join();
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
}

// A module, as libtally knows it, that a thread is inside of on its way out.
struct Leaving : tally_provider {
  std::promise<void> is_inside;
  std::promise<void> may_leave;
  std::function<void()> at_the_end;

  explicit Leaving(std::function<void()> what) : tally_provider{}, at_the_end(std::move(what)) {
    thread_ended = [](tally_provider* provider, std::uint32_t, void*) {
      static_cast<Leaving*>(provider)->at_the_end();
    };
  }
};

// Runs a thread that ends with a lane of the module's.
std::thread end_a_thread_in(Leaving& module, std::uint32_t* ordinal) {
  const tally_core& core = *tally_core_entry(TALLY_ABI_MAJOR);
  EXPECT_EQ(core.lane_add(&module, 0, ordinal), TALLY_OK);
  return std::thread([&core, &module, at = *ordinal] {
    tally_thread* const thread = core.thread_attach();
    ASSERT_EQ(core.lane_reserve(at), TALLY_OK);
    thread->lanes[at] = &module;
  });
}

TEST_F(Fork, TheChildUnloadsWhatAnotherThreadWasLeaving) {
  const tally_core& core = *tally_core_entry(TALLY_ABI_MAJOR);
  Leaving module([&] {
    module.is_inside.set_value();
    module.may_leave.get_future().wait();
  });
  std::uint32_t ordinal = 0;
  std::thread user = end_a_thread_in(module, &ordinal);
  module.is_inside.get_future().wait();
  EXPECT_EQ(in_child([&] {
              core.lane_remove(ordinal);
              return true;
            }),
            0)
      << "-1: it hung";
  module.may_leave.set_value();
  user.join();
  core.lane_remove(ordinal);
}

// What it was leaving it leaves in the child as well.
TEST_F(Fork, TheChildOfAThreadThatEndsEndsAndUnloads) {
  const tally_core& core = *tally_core_entry(TALLY_ABI_MAJOR);
  std::uint32_t ordinal = 0;
  pid_t child = -1;
  Leaving module([&] {
    child = fork();
    if (child != 0) return;
    alarm(kTooLong);
    static std::uint32_t at = ordinal;
    static pthread_key_t after;  // libtally's own end comes first
    pthread_key_create(&after, [](void*) {
      tally_core_entry(TALLY_ABI_MAJOR)->lane_remove(at);
      _exit(0);
    });
    pthread_setspecific(after, &at);
  });
  std::thread user = end_a_thread_in(module, &ordinal);
  user.join();
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "it hung";
  core.lane_remove(ordinal);
}

}  // namespace
}  // namespace tally::runtime::test
