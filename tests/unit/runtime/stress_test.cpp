// Threads that do everything to the same few objects at once, in a runtime that lets others in between any
// two steps: nothing ends under a call, each destructor runs once, and all balances. TALLY_STRESS_SECONDS:
// how long each; TALLY_STRESS_SEED: what they do, and where they wait, is drawn from that.
#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <latch>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sharing.hpp"
#include "tally/host.h"

namespace tally::runtime {

namespace test {
namespace {

// What is done in between, on this thread, when so many more steps have passed; for tests of one
// interleaving.
thread_local int steps_left = 0;
thread_local std::function<void()> in_between;

// Drawn once, or as it is set.
unsigned seed() {
  static const unsigned kDrawn = [] {
    const char* const value = std::getenv("TALLY_STRESS_SEED");
    return value ? static_cast<unsigned>(std::strtoul(value, nullptr, 10))
                 : std::random_device{}() % 1'000'000'000;
  }();
  return kDrawn;
}

std::atomic<unsigned> threads_so_far = 0;

}  // namespace
}  // namespace test

// Mostly nothing; sometimes another thread's turn; now and then longer than a whole call.
void step() noexcept {
  if (test::steps_left > 0 && --test::steps_left == 0) std::exchange(test::in_between, nullptr)();
  thread_local std::minstd_rand random(test::seed() + 1000 * ++test::threads_so_far);
  const std::uint32_t number = random();
  if (number % 16 == 0) std::this_thread::yield();
  if (number % 1024 == 1) std::this_thread::sleep_for(std::chrono::microseconds(random() % 200));
}

namespace test {
namespace {

std::chrono::milliseconds duration() {
  const char* const seconds = std::getenv("TALLY_STRESS_SECONDS");
  return std::chrono::milliseconds(seconds ? std::atoi(seconds) * 1000 : 3000);
}

bool is_exact() {
  const char* const check = std::getenv("TALLY_CHECK");
  return check && std::string_view(check) == "exact";
}

// What the threads share: some objects, each with its owner's token, which a thread takes out to use it, and
// a handle, which may be long stale.
struct Place {
  std::atomic<Opaque*> owner{nullptr};
  std::atomic<Opaque*> handle{nullptr};
};

std::atomic<std::uint64_t> found_dead;
std::atomic<std::uint64_t> found_in_use;

class Worker {
 public:
  Worker(std::array<Place, 6>& places, unsigned seed, bool is_realtime)
      : places_(places), random_(seed), is_realtime_(is_realtime) {}

  void run(Table<Thing>& table, std::chrono::steady_clock::time_point until) {
    ASSERT_EQ(tally_thread_realtime(is_realtime_), TALLY_OK);
    while (std::chrono::steady_clock::now() < until)
      for (int i = 0; i < 50; ++i) act(table, place(), 0);
  }

 private:
  Place& place() { return places_[random_() % places_.size()]; }

  void act(Table<Thing>& table, Place& place, int depth) {
    switch (random_() % 12) {
      case 0:
      case 1:
        return put(table, place, make(table));
      case 2:
        return drop(table, place.owner.exchange(nullptr));
      case 3:
        return try_drop(table, place);
      case 4:
        return change_hands(table, place);
      case 5:
        return consume(table, place);
      case 6:
        return table.traits().is_counted ? retain(table, place) : view(table, place);
      default:
        return call(table, place.handle, depth);
    }
  }

  void put(Table<Thing>& table, Place& place, Opaque* owner) {
    if (!owner) return;
    place.handle = handle(table, owner);
    drop(table, place.owner.exchange(owner));
  }

  void drop(Table<Thing>& table, Opaque* owner) {
    EXPECT_GE(end(table, owner), TALLY_OK) << tally_last_error()->text;  // of null as well
  }

  void try_drop(Table<Thing>& table, Place& place) {
    Opaque* owner = place.owner.exchange(nullptr);
    if (!owner) return;
    const tally_status status = table.try_destroy(in_call(), "owner", &owner);
    if (status < 0) {
      if (is_realtime_) {
        EXPECT_EQ(status, TALLY_WRONG_THREAD) << tally_last_error()->text;
      } else {
        EXPECT_TRUE(status == TALLY_BORROWED || status == TALLY_HAS_CHILDREN) << tally_last_error()->text;
      }
      put(table, place, owner);
    }
  }

  void change_hands(Table<Thing>& table, Place& place) {
    Opaque* const owner = place.owner.exchange(nullptr);
    if (!owner) return;
    tally_status status = TALLY_OK;
    const auto transfer = table.transfer(in_call(), "object", owner, true, &status);
    ASSERT_EQ(status, TALLY_OK) << tally_last_error()->text;
    if (random_() % 2 == 0) {
      table.untransfer(transfer, word_of(owner));
      table.leave(transfer.now.object);
      put(table, place, owner);
    } else {
      table.leave(transfer.now.object);
      put(table, place, as_pointer<Opaque>(transfer.given));
    }
  }

  void consume(Table<Thing>& table, Place& place) {
    Opaque* const owner = place.owner.exchange(nullptr);
    if (!owner) return;
    tally_status status = TALLY_OK;
    const Claim claim = table.begin_consuming(in_call(), owner, &status);
    if (!claim) {
      EXPECT_EQ(status, TALLY_BORROWED) << tally_last_error()->text;
      return put(table, place, owner);
    }
    found_dead += table.object_in(claim.object)->value != 7;
    if (random_() % 2 == 0) table.resume(claim, word_of(owner));
    table.leave(claim.object);
    drop(table, owner);
  }

  void retain(Table<Thing>& table, Place& place) {
    const Word more = table.retain_within(in_call(), place.handle.load());
    if (more != 0) put(table, this->place(), as_pointer<Opaque>(more));
  }

  void view(Table<Thing>& table, Place& place) {
    if (!table.traits().has_kin) return;
    const Opaque* const word = place.handle;
    const Use<Thing> use(table, in_call(), "self", word);
    if (use.status() < 0) return;
    tally_view view{};
    const tally_status status = sharing_views.open_text(in_call(), &view, table.place_of(word),
                                                        [] { return std::string_view("shown"); });
    if (status < 0) return;
    if (random_() % 2 == 0) drop(table, place.owner.exchange(nullptr));
    found_dead += use.object()->value != 7;
    EXPECT_GE(sharing_views.close(in_call(), word_of(view.owner)), TALLY_OK);
  }

  void call(Table<Thing>& table, const Opaque* word, int depth) {
    if (!word) return;
    const Use<Thing> use(table, in_call(), "self", word);
    if (use.status() < 0) return;
    Thing& thing = *use.object();
    const bool is_alone = table.rule() != Rule::exclusive || depth > 0 || thing.users++ == 0;
    found_in_use += !is_alone;
    found_dead += thing.value != 7;
    if (depth < 3 && random_() % 4 == 0) act(table, place(), depth + 1);
    found_dead += thing.value != 7;
    if (table.rule() == Rule::exclusive && depth == 0) --thing.users;
  }

  std::array<Place, 6>& places_;
  std::minstd_rand random_;
  bool is_realtime_;
};

using Steps = Sharing;

// The object is one thread's alone, which ends it between two looks of a call that another thread begins; a
// third, which is late, makes the slot everybody's.
TEST_F(Steps, WhoseAnObjectIsIsLookedAtBeforeItsHandle) {
  Opaque* const token = make(shared_table);
  const Opaque* const its_handle = handle(shared_table, token);
  Slot& slot = *shared_table.callable(token).slot;
  std::latch has_noted(1);
  std::latch has_ended(1);
  std::thread other([&] {
    end(shared_table, make(shared_table));  // or its first call would take the long way
    steps_left = 2;                         // the first is behind its note
    in_between = [&] {
      has_noted.count_down();
      has_ended.wait();
    };
    const Use<Thing> use(shared_table, in_call(), "self", its_handle);
    EXPECT_EQ(use.status(), TALLY_STALE_HANDLE);
  });
  has_noted.wait();
  EXPECT_EQ(shared_table.destroy_within(in_call(), "owner", word_of(token)), TALLY_OK);
  slot.thread = Slot::kAnyThread;
  has_ended.count_down();
  other.join();
}

// A call has found the object; then another thread tries to destroy it, which keeps calls out for a moment
// and comes to nothing, since it is in use.
TEST_F(Steps, ACallIsNotRefusedForATryDestroyThatComesToNothing) {
  Opaque* const token = make(shared_table);
  const Opaque* const its_handle = handle(shared_table, token);
  std::thread([&] { const Use<Thing> use(shared_table, in_call(), "self", its_handle); }).join();
  std::thread other;
  std::latch is_trying(1);
  {
    const Use<Thing> use(shared_table, in_call(), "self", its_handle);
    steps_left = 2;  // the first is under the lock
    in_between = [&] {
      other = std::thread([&] {
        Opaque* owner = token;
        steps_left = 2;  // before the first, it does not yet keep calls out
        in_between = [&] {
          is_trying.count_down();
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
        };
        EXPECT_EQ(shared_table.try_destroy(in_call(), "owner", &owner), TALLY_BORROWED);
      });
      is_trying.wait();
    };
    TableBase::Entry entry;
    EXPECT_EQ(shared_table.enter(in_call(), "self", its_handle, &entry), TALLY_OK)
        << tally_last_error()->text;
    if (entry.slot) shared_table.leave(entry);
  }
  other.join();
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
}

// The object is one thread's alone, which ends it and makes another in its slot while a second retains it.
TEST_F(Steps, ARetainedObjectIsNotAnotherInItsSlot) {
  Opaque* const token = make(counted);
  const Opaque* const its_handle = handle(counted, token);
  std::latch is_retaining(1);
  std::latch is_another(1);
  std::thread other([&] {
    steps_left = 1;
    in_between = [&] {
      is_retaining.count_down();
      is_another.wait();
    };
    EXPECT_EQ(counted.retain_within(in_call(), its_handle), 0u);
    EXPECT_EQ(tally_last_error()->status, TALLY_STALE_HANDLE) << tally_last_error()->text;
  });
  is_retaining.wait();
  EXPECT_EQ(end(counted, token), TALLY_OK);
  Opaque* const another = make(counted);
  EXPECT_EQ(slot_index(word_of(another)), slot_index(word_of(token)));
  is_another.count_down();
  other.join();
  EXPECT_EQ(end(counted, another), TALLY_OK);
}

// The same for one that spends the token.
TEST_F(Steps, ADestroyedObjectIsNotAnotherInItsSlot) {
  Opaque* const token = make(shared_table);
  std::latch is_destroying(1);
  std::latch is_another(1);
  std::thread other([&] {
    steps_left = 1;
    in_between = [&] {
      is_destroying.count_down();
      is_another.wait();
    };
    EXPECT_EQ(shared_table.destroy_within(in_call(), "owner", word_of(token)), TALLY_ALREADY_DESTROYED);
  });
  is_destroying.wait();
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
  Opaque* const another = make(shared_table);
  EXPECT_EQ(slot_index(word_of(another)), slot_index(word_of(token)));
  is_another.count_down();
  other.join();
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(end(shared_table, another), TALLY_OK);
}

// The word of the first object is found good; then its owner ends it and makes another.
TEST_F(Steps, ACallDoesNotEnterAnotherInItsSlot) {
  Opaque* const token = make(shared_table);
  const Opaque* const its_handle = handle(shared_table, token);
  std::latch has_found(1);
  std::latch is_another(1);
  std::thread other([&] {
    end(shared_table, make(shared_table));  // or its first call would take another way
    steps_left = 5;                         // four are of the try to enter at once
    in_between = [&] {
      has_found.count_down();
      is_another.wait();
    };
    const Use<Thing> use(shared_table, in_call(), "self", its_handle);
    EXPECT_EQ(use.status(), TALLY_STALE_HANDLE);
  });
  has_found.wait();
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
  Opaque* const another = make(shared_table);
  EXPECT_EQ(slot_index(word_of(another)), slot_index(word_of(token)));
  is_another.count_down();
  other.join();
  EXPECT_EQ(end(shared_table, another), TALLY_OK);
}

// A call has found the first object, which its owner then ends; it is inside the second when the call looks
// whose turn it is.
TEST_F(Steps, AStaleWordIsNotToldThatAnotherObjectIsInUse) {
  Opaque* const token = make(exclusive_table);
  const Opaque* const its_handle = handle(exclusive_table, token);
  std::latch has_found(1);
  std::latch is_in_use(1);
  std::thread other([&] {
    end(exclusive_table, make(exclusive_table));  // or its first call would take another way
    steps_left = 6;                               // four are of the try to enter at once
    in_between = [&] {
      has_found.count_down();
      is_in_use.wait();
    };
    const Use<Thing> use(exclusive_table, in_call(), "self", its_handle);
    EXPECT_EQ(use.status(), TALLY_STALE_HANDLE) << tally_last_error()->text;
  });
  has_found.wait();
  EXPECT_EQ(end(exclusive_table, token), TALLY_OK);
  Opaque* const another = make(exclusive_table);
  EXPECT_EQ(slot_index(word_of(another)), slot_index(word_of(token)));
  {
    const Use<Thing> use(exclusive_table, in_call(), "self", another);
    EXPECT_EQ(use.status(), TALLY_OK);
    is_in_use.count_down();
    other.join();
  }
  EXPECT_EQ(end(exclusive_table, another), TALLY_OK);
}

// A real-time thread destroys an object at each step of what another thread does with its token, without
// waiting for it: one of the two has spent it.
class AgainstRealtime : public Steps {
 protected:
  static constexpr int kMostSteps = 30;

  // What the other thread's operation answers, with the destroy at this step of it.
  tally_status at_step(int step, Table<Thing>& table, const std::function<tally_status()>& operation) {
    tally_status status = TALLY_OK;
    destroyed_.reset();
    std::thread([&] {
      end(table, make(table));  // or its first call would take another way
      steps_left = step;
      in_between = [&] {
        std::thread([&] {
          tally_thread_realtime(1);
          destroyed_ = end(table, token_);
        }).join();
      };
      status = operation();
      steps_left = 0;
    }).join();
    if (destroyed_) {
      EXPECT_TRUE(*destroyed_ == TALLY_DEFERRED || *destroyed_ == TALLY_ALREADY_DESTROYED) << *destroyed_;
    }
    return status;
  }

  bool is_callable(Table<Thing>& table) const {
    return Use<Thing>(table, in_call(), "self", handle_).status() == TALLY_OK;
  }

  // With each of the steps that the operation has; `check` is told its answer.
  void at_each_step(Table<Thing>& table, const std::function<tally_status()>& operation,
                    const std::function<void(tally_status)>& check) {
    int step = 0;
    do {
      ++step;
      SCOPED_TRACE(std::string(table.class_name()) + ", step " + std::to_string(step));
      token_ = make(table);
      handle_ = handle(table, token_);
      const int before = ended;
      check(at_step(step, table, operation));
      tally_collect();
      EXPECT_EQ(ended, before + 2) << "with the other thread's own";
      EXPECT_FALSE(is_callable(table));
    } while (destroyed_ && step < kMostSteps);
    EXPECT_GT(step, 2) << "it had a destroy in between";
  }

  bool was_destroyed() const { return destroyed_ && *destroyed_ == TALLY_DEFERRED; }

  Opaque* token_ = nullptr;
  const Opaque* handle_ = nullptr;
  std::optional<tally_status> destroyed_;
};

TEST_F(AgainstRealtime, Destroy) {
  for (Table<Thing>* const table : {&shared_table, &exclusive_table, &counted}) {
    at_each_step(
        *table, [&] { return end(*table, token_); },
        [&](tally_status status) {
          EXPECT_EQ(status, was_destroyed() ? TALLY_ALREADY_DESTROYED : TALLY_OK) << tally_last_error()->text;
        });
  }
}

TEST_F(AgainstRealtime, TryDestroyOfAnObjectInUse) {
  for (Table<Thing>* const table : {&shared_table, &exclusive_table, &counted}) {
    at_each_step(
        *table,
        [&] {
          const Use<Thing> use(*table, in_call(), "self", handle_);
          EXPECT_TRUE(use.status() == TALLY_OK || was_destroyed());
          Opaque* owner = token_;
          return table->try_destroy(in_call(), "owner", &owner);
        },
        [&](tally_status status) {
          EXPECT_LT(status, 0);
          EXPECT_TRUE(!destroyed_ || was_destroyed()) << "nothing else has taken the token";
          if (!table->traits().is_counted) {
            EXPECT_EQ(is_callable(*table), !was_destroyed());
          }
          if (!was_destroyed()) {
            EXPECT_EQ(end(*table, token_), TALLY_OK);
          }
        });
  }
}

TEST_F(AgainstRealtime, Transfer) {
  for (Table<Thing>* const table : {&shared_table, &exclusive_table, &counted}) {
    Opaque* given = nullptr;
    at_each_step(
        *table,
        [&] {
          tally_status status = TALLY_OK;
          given = as_pointer<Opaque>(table->transfer(in_call(), "object", token_, false, &status).given);
          return status;
        },
        [&](tally_status status) {
          EXPECT_EQ(status, was_destroyed() ? TALLY_ALREADY_DESTROYED : TALLY_OK) << tally_last_error()->text;
          if (!was_destroyed()) {
            EXPECT_EQ(end(*table, given), TALLY_OK);
          }
        });
  }
}

TEST_F(AgainstRealtime, ACallThatDoesNotConsumeAfterAll) {
  for (Table<Thing>* const table : {&shared_table, &exclusive_table}) {
    at_each_step(
        *table,
        [&] {
          tally_status status = TALLY_OK;
          const Claim claim = table->begin_consuming(in_call(), token_, &status);
          if (!claim) return status;
          table->resume(claim, word_of(token_));
          table->leave(claim.object);
          return status;
        },
        [&](tally_status) {
          EXPECT_TRUE(!destroyed_ || was_destroyed()) << "nothing else has taken the token";
          EXPECT_EQ(is_callable(*table), !was_destroyed());
          if (!was_destroyed()) {
            EXPECT_EQ(end(*table, token_), TALLY_OK);
          }
        });
  }
}

TEST_F(AgainstRealtime, ACallThatConsumes) {
  for (Table<Thing>* const table : {&shared_table, &exclusive_table}) {
    at_each_step(
        *table,
        [&] {
          tally_status status = TALLY_OK;
          const Claim claim = table->begin_consuming(in_call(), token_, &status);
          if (claim) table->end_consumed(in_call(), claim, word_of(token_));
          return status;
        },
        [&](tally_status) {});
  }
}

// A child of this parent's, which ends with it.
TEST_F(AgainstRealtime, TheEndOfTheParent) {
  Opaque* parent = nullptr;
  int step = 0;
  do {
    SCOPED_TRACE(++step);
    const int before = ended;
    parent = make(exclusive_table);
    token_ = make(parts_in_family, exclusive_table.place_of(parent));
    handle_ = handle(parts_in_family, token_);
    destroyed_.reset();
    steps_left = step;
    in_between = [&] {
      std::thread([&] {
        tally_thread_realtime(1);
        destroyed_ = end(parts_in_family, token_);
      }).join();
    };
    EXPECT_GE(end(exclusive_table, parent), TALLY_OK);
    steps_left = 0;
    if (destroyed_) {
      EXPECT_GE(*destroyed_, TALLY_OK) << "what goes with its parent may be given back";
    }
    tally_collect();
    EXPECT_EQ(ended, before + 2);
  } while (destroyed_ && step < kMostSteps);
  EXPECT_GT(step, 2);
}

class Stress : public Sharing {
 protected:
  void SetUp() override {
    Sharing::SetUp();
    found_dead = found_in_use = 0;
    std::cout << "TALLY_STRESS_SEED=" << seed() << '\n';
  }

  void play(Table<Thing>& table) {
    std::array<Place, 6> places;
    const auto until = std::chrono::steady_clock::now() + duration();
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 4; ++i)
      threads.emplace_back([&, i] { Worker(places, seed() + i + 1, i == 3).run(table, until); });
    for (std::thread& thread : threads) thread.join();
    for (Place& each : places) EXPECT_GE(end(table, each.owner.exchange(nullptr)), TALLY_OK);
    tally_collect();
    EXPECT_EQ(found_dead, 0u);
    EXPECT_GT(made, 100) << "or nothing was tried";
  }
};

TEST_F(Stress, Shared) {
  play(shared_table);
}

TEST_F(Stress, Counted) {
  play(counted);
}

TEST_F(Stress, Exclusive) {
  play(exclusive_table);
  EXPECT_TRUE(found_in_use == 0 || !is_exact()) << found_in_use;
}

// One parent after the other, and children of whichever lives, made while it is being closed.
TEST_F(Stress, ParentsAndChildren) {
  std::atomic<Opaque*> parent{nullptr};
  std::atomic<Opaque*> handle_of_parent{nullptr};
  std::atomic<std::uint64_t> children{0};
  const auto until = std::chrono::steady_clock::now() + duration();
  const auto work = [&](unsigned seed) {
    std::minstd_rand random(seed);
    while (std::chrono::steady_clock::now() < until) {
      if (random() % 4 == 0) {
        Opaque* const next = make(exclusive_table);
        handle_of_parent = handle(exclusive_table, next);
        EXPECT_GE(end(exclusive_table, parent.exchange(next)), TALLY_OK);
        continue;
      }
      const Opaque* const word = handle_of_parent;
      Opaque* child = nullptr;
      {
        const Use<Thing> use(exclusive_table, in_call(), "self", word);
        if (use.status() < 0) continue;
        child = make(member_table, exclusive_table.place_of(word));
        found_dead += use.object()->value != 7;
      }
      if (!child) continue;
      ++children;
      {
        const Use<Thing> use(member_table, in_call(), "self", child);
        ASSERT_EQ(use.status(), TALLY_OK) << tally_last_error()->text;
        const FamilyUse family(member_table, in_call(), "self", child);
        found_dead += use.object()->value != 7;
      }
      EXPECT_GE(end(member_table, child), TALLY_OK);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 4; ++i) threads.emplace_back(work, seed() + i + 1);
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(end(exclusive_table, parent), TALLY_OK);
  EXPECT_EQ(found_dead, 0u);
  EXPECT_GT(children, 100u) << "or nothing was tried";
}

}  // namespace
}  // namespace test
}  // namespace tally::runtime
