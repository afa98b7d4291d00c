// What threads may do with confined objects, and that they come and go without a trace.
#include <limits.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "fixture.hpp"
#include "tally/ledger.h"

namespace tally::runtime::test {
namespace {

TEST(Threads, AnotherThreadsCallIsRefused) {
  Opaque* const token = create(3);
  std::thread([&] {
    EXPECT_EQ(counted_table.refuse_object(call(), "self", token), TALLY_WRONG_THREAD);
    EXPECT_EQ(counted_table.find(token), nullptr);
  }).join();
  EXPECT_EQ(counted_table.find(token)->value, 3);
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST(Threads, AThreadWithObjectsOfItsOwnCallsNoOthers) {
  Opaque* const token = create(3);
  std::thread([&] {
    Opaque* const own = create(4);
    EXPECT_EQ(counted_table.find(own)->value, 4);
    EXPECT_EQ(counted_table.find(token), nullptr);
    EXPECT_EQ(destroy(own), TALLY_OK);
  }).join();
  EXPECT_EQ(destroy(token), TALLY_OK);
}

TEST(Threads, AnotherThreadsDestroyIsDeferredToTheOwnersNextCreation) {
  Opaque* const token = create();
  Opaque* const handle = handle_of(token);
  const int destroyed = Counted::destroyed;
  std::thread([&] {
    EXPECT_EQ(destroy(token), TALLY_DEFERRED);
    EXPECT_EQ(destroy(token), TALLY_ALREADY_DESTROYED) << "the token is consumed";
  }).join();
  EXPECT_EQ(counted_table.find(handle), nullptr) << "the handle is revoked at once";
  EXPECT_EQ(counted_table.find(token), nullptr);
  EXPECT_EQ(destroy(token), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(Counted::destroyed, destroyed) << "its destructor waits for its thread";
  EXPECT_EQ(balance_of(counted_table).deferred, 1u);
  EXPECT_EQ(destroy(create()), TALLY_OK);
  EXPECT_EQ(Counted::destroyed, destroyed + 2);
  EXPECT_EQ(balance_of(counted_table).deferred, 0u);
}

TEST(Threads, NoDeferredDestructorRunsInsideACall) {
  Opaque* const in_use = create();
  Counted& object = *counted_table.find(in_use);
  Opaque* other = create();
  std::thread([&] { EXPECT_EQ(destroy(in_use), TALLY_DEFERRED); }).join();
  const int destroyed = Counted::destroyed;

  // What an author's code does in a call: it makes objects, more than its thread has free slots for, and
  // drops what it owns.
  std::vector<Opaque*> made(200);
  for (Opaque*& each : made) {
    ASSERT_EQ(counted_table.create(call(), &each, [] { return Counted(1); }), TALLY_OK);
  }
  EXPECT_EQ(counted_table.destroy_within(call(), "owner", word_of(other)), TALLY_OK);
  EXPECT_EQ(Counted::destroyed, destroyed + 1) << "only what was dropped";
  EXPECT_EQ(object.value, 0);

  EXPECT_EQ(tally_collect(), 1u);
  for (Opaque* const each : made) EXPECT_EQ(destroy(each), TALLY_OK);
}

TEST(Threads, CollectRunsWhatWasDeferredToThisThread) {
  Opaque* const token = create();
  std::thread([&] { EXPECT_EQ(destroy(token), TALLY_DEFERRED); }).join();
  const int destroyed = Counted::destroyed;
  EXPECT_EQ(tally_collect(), 1u);
  EXPECT_EQ(Counted::destroyed, destroyed + 1);
  EXPECT_EQ(tally_collect(), 0u);
}

TEST(Threads, WhereAnotherThreadGaveItBackIsStillKnownWhenItHasEnded) {
  Opaque* const token = create();
  Opaque* const handle = handle_of(token);
  std::thread([&] { EXPECT_EQ(destroy(token), TALLY_DEFERRED); }).join();
  EXPECT_EQ(tally_collect(), 1u);
  EXPECT_EQ(counted_table.ref(call(), handle), 0u);
  const std::string text = tally_last_error()->text;
  EXPECT_NE(text.find(", given back at "), std::string::npos) << text;
  EXPECT_EQ(destroy(token), TALLY_ALREADY_DESTROYED);
  EXPECT_NE(std::string(tally_last_error()->text).find(", given back at "), std::string::npos);
}

TEST(Threads, AThreadThatEndsRunsWhatWasDeferredToIt) {
  const int destroyed = Counted::destroyed;
  Opaque* token = nullptr;
  std::thread([&] {
    token = create();
    std::thread([&] { EXPECT_EQ(destroy(token), TALLY_DEFERRED); }).join();
    EXPECT_EQ(Counted::destroyed, destroyed);
  }).join();
  EXPECT_EQ(Counted::destroyed, destroyed + 1);
}

TEST(Threads, AnObjectWhoseThreadHasEndedCanBeDestroyedByAny) {
  Opaque* token = nullptr;
  std::thread([&] { token = create(); }).join();
  const int destroyed = Counted::destroyed;
  EXPECT_EQ(counted_table.find(token), nullptr) << "but not called";
  EXPECT_EQ(destroy(token), TALLY_OK);
  EXPECT_EQ(Counted::destroyed, destroyed + 1);
  EXPECT_EQ(destroy(token), TALLY_ALREADY_DESTROYED);
}

TEST(Threads, ThreadsComeAndGoWithoutUsingUpSlots) {
  const tally_balance before = balance_of(counted_table);
  std::uint32_t highest = 0;
  std::uint32_t highest_at_first = 0;
  for (int i = 0; i < 2000; ++i) {
    std::thread([&] {
      Opaque* const token = create();
      highest = std::max(highest, slot_index(word_of(token)));
      EXPECT_EQ(destroy(token), TALLY_OK);
    }).join();
    if (i == 10) highest_at_first = highest;
  }
  EXPECT_LT(highest, highest_at_first + 10'000) << "a thread takes over the slots of one that has ended";
  const tally_balance after = balance_of(counted_table);
  EXPECT_EQ(after.issued - before.issued, 2000u);
  EXPECT_EQ(after.live, before.live);
}

TEST(Threads, CreatingAndDestroyingOnSeveralThreadsBalances) {
  const tally_balance before = balance_of(counted_table);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      std::vector<Opaque*> tokens;
      for (int round = 0; round < 20; ++round) {
        for (int k = 0; k < 500; ++k) tokens.push_back(create(k));
        for (Opaque* token : tokens) ASSERT_EQ(destroy(token), TALLY_OK);
        tokens.clear();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const tally_balance after = balance_of(counted_table);
  EXPECT_EQ(after.issued - before.issued, 40'000u);
  EXPECT_EQ(after.live, before.live);
}

TEST(Threads, DestroysFromManyThreadsRunEachDestructorOnce) {
  constexpr std::size_t kCount = 4000;
  std::vector<Opaque*> tokens;
  for (std::size_t i = 0; i < kCount; ++i) tokens.push_back(create());
  const int destroyed = Counted::destroyed;
  std::atomic<std::size_t> accepted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (Opaque* token : tokens) accepted += destroy(token) >= 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, kCount) << "one of the four was accepted for each";
  tally_collect();
  EXPECT_EQ(static_cast<std::size_t>(Counted::destroyed - destroyed), kCount);
}

// What libtally knows of a module that is told of threads that end.
struct Told : tally_provider {
  std::promise<void> is_told;
  std::promise<void> may_return;
  std::atomic<bool> has_returned = false;

  static void thread_has_ended(tally_provider* provider, std::uint32_t, void*) {
    Told& told = *static_cast<Told*>(provider);
    told.is_told.set_value();
    told.may_return.get_future().wait();
    told.has_returned = true;
  }
};

TEST(Threads, AModuleDoesNotGoUnderAThreadThatEnds) {
  const tally_core& core = *tally_core_entry(TALLY_ABI_MAJOR);
  Told told;
  told.thread_ended = Told::thread_has_ended;
  std::uint32_t ordinal = 0;
  ASSERT_EQ(core.lane_add(&told, 0, &ordinal), TALLY_OK);
  std::thread user([&] {
    tally_thread* const thread = core.thread_attach();
    ASSERT_EQ(core.lane_reserve(ordinal), TALLY_OK);
    thread->lanes[ordinal] = &told;
  });
  told.is_told.get_future().wait();
  std::thread helper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    told.may_return.set_value();
  });
  core.lane_remove(ordinal);
  EXPECT_TRUE(told.has_returned);
  user.join();
  helper.join();
}

// What others keep for a thread may end after what libtally keeps for it, and may call once more; some of
// them put themselves off until the last of the rounds that pthreads goes.
struct Late {
  pthread_key_t key = 0;
  int rounds = 0;  // still to go
  std::uint64_t identity = 0;
  tally_status status = TALLY_OK;
  Opaque* token = nullptr;

  static void end(void* value) {
    Late& late = *static_cast<Late*>(value);
    if (--late.rounds > 0) {
      pthread_setspecific(late.key, value);
      return;
    }
    late.status = destroy(late.token);
    const tally_thread* const thread = tally_core_entry(TALLY_ABI_MAJOR)->thread_attach();
    late.identity = thread ? thread->identity : 0;
  }
};

// The thread sanitizer has itself ended for the thread in the last round.
#ifdef __SANITIZE_THREAD__
constexpr int kRounds = PTHREAD_DESTRUCTOR_ITERATIONS - 2;
#else
constexpr int kRounds = PTHREAD_DESTRUCTOR_ITERATIONS;
#endif

TEST(Threads, WhatAThreadDoesWhenItHasEndedLeavesNothing) {
  const tally_core& core = *tally_core_entry(TALLY_ABI_MAJOR);
  for (int round = 1; round <= kRounds; ++round) {
    Late late;
    late.rounds = round;
    ASSERT_EQ(pthread_key_create(&late.key, Late::end), 0);
    const int destroyed = Counted::destroyed;
    std::thread([&] {
      late.token = create();
      pthread_setspecific(late.key, &late);
    }).join();
    EXPECT_EQ(late.status, TALLY_OK) << "in round " << round;
    EXPECT_EQ(Counted::destroyed, destroyed + 1);
    EXPECT_EQ(late.identity == 0, round == PTHREAD_DESTRUCTOR_ITERATIONS) << "in round " << round;
    EXPECT_EQ(core.thread_is_alive(late.identity), 0) << "in round " << round;
    pthread_key_delete(late.key);
  }
}

}  // namespace
}  // namespace tally::runtime::test
