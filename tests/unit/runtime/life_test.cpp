// Threads that come and go, thousands of them, with objects that outlive them or go from one to the next; and
// signals that interrupt calls.
#include <malloc.h>
#include <sys/time.h>

#include <csignal>
#include <set>
#include <vector>

#include "sharing.hpp"
#include "tally/ledger.h"

namespace tally::runtime::test {
namespace {

using Life = Sharing;

// Makes and ends one of each, and uses and ends what a thread before it has left.
void work(Opaque*& left_shared, Opaque*& left_exclusive) {
  Opaque* const shared = make(shared_table);
  Opaque* const exclusive = make(exclusive_table);
  Opaque* const member = make(member_table, exclusive_table.place_of(exclusive));
  Opaque* const first = make(counted);
  const Word second = counted.retain(in_call(), first);
  for (Opaque* const each : {left_shared, shared}) {
    const Use use(shared_table, in_call(), "self", each);
    EXPECT_EQ(use.status(), TALLY_OK);
  }
  {
    const Use use(exclusive_table, in_call(), "self", handle(exclusive_table, left_exclusive));
    EXPECT_EQ(use.status(), TALLY_OK);
  }
  EXPECT_EQ(end(shared_table, left_shared), TALLY_OK);
  EXPECT_EQ(end(exclusive_table, left_exclusive), TALLY_OK);
  EXPECT_EQ(end(counted, first), TALLY_OK);
  EXPECT_EQ(end(counted, as_pointer<Opaque>(second)), TALLY_OK);
  EXPECT_EQ(end(member_table, member), TALLY_OK);
  left_shared = shared;
  left_exclusive = exclusive;
}

TEST_F(Life, ThousandsOfThreadsLeaveNothing) {
  constexpr int kThreads = 4;  // at a time
  constexpr int kWaves = 1000;
  Opaque* shared[kThreads];
  Opaque* exclusive[kThreads];
  for (Opaque*& each : shared) each = make(shared_table);
  for (Opaque*& each : exclusive) each = make(exclusive_table);
  std::size_t in_use_at_first = 0;
  for (int wave = 0; wave < kWaves; ++wave) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) threads.emplace_back([&, i] { work(shared[i], exclusive[i]); });
    for (std::thread& each : threads) each.join();
    if (wave == kWaves / 10) in_use_at_first = mallinfo2().uordblks;
  }
  EXPECT_LT(mallinfo2().uordblks, in_use_at_first + 100'000) << "bytes that malloc has given out";
  for (Opaque* const each : shared) EXPECT_EQ(end(shared_table, each), TALLY_OK);
  for (Opaque* const each : exclusive) EXPECT_EQ(end(exclusive_table, each), TALLY_OK);
}

TEST_F(Life, AThreadIsNotTakenForAnEarlierOneAtItsAddress) {
  std::set<pthread_t> addresses;
  std::set<std::uint64_t> identities;
  constexpr int kThreads = 100;
  Opaque* left = nullptr;
  for (int i = 0; i < kThreads; ++i) {
    std::thread([&] {
      addresses.insert(pthread_self());
      Opaque* const own = make(exclusive_table);
      identities.insert(sharing.core()->thread_attach()->identity);
      if (left) {
        EXPECT_EQ(end(exclusive_table, left), TALLY_OK);
      }
      left = own;
    }).join();
  }
  EXPECT_LT(addresses.size(), std::size_t{kThreads}) << "no address came twice: nothing is tested";
  EXPECT_EQ(identities.size(), std::size_t{kThreads});
  EXPECT_EQ(end(exclusive_table, left), TALLY_OK);
}

std::atomic<int> interruptions;

// For as long as it lasts, a signal comes ten thousand times a second.
class Signals {
 public:
  Signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { interruptions.fetch_add(1, std::memory_order_relaxed); };
    sigaction(SIGALRM, &action, &before_);  // without SA_RESTART
    set(100);
  }
  ~Signals() {
    set(0);
    sigaction(SIGALRM, &before_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  static void set(long microseconds) {
    const itimerval interval{{0, microseconds}, {0, microseconds}};
    setitimer(ITIMER_REAL, &interval, nullptr);
  }
  struct sigaction before_ {};
};

TEST_F(Life, SignalsInterruptAnything) {
  constexpr int kAtLeast = 1000;
  interruptions = 0;
  {
    const Signals signals;
    Opaque* shared = make(shared_table);
    Opaque* exclusive = make(exclusive_table);
    while (interruptions < kAtLeast && !HasFailure()) {
      std::thread([&] { work(shared, exclusive); }).join();
      work(shared, exclusive);
      EXPECT_EQ(tally_wait("sharing_module", 1), 0u);
    }
    EXPECT_EQ(end(shared_table, shared), TALLY_OK);
    EXPECT_EQ(end(exclusive_table, exclusive), TALLY_OK);
  }
  EXPECT_GE(interruptions, kAtLeast);
}

}  // namespace
}  // namespace tally::runtime::test
