// Small random programs on several threads, in a runtime that lets others in between any two steps: some
// order must explain what each was answered. TALLY_HISTORY_SECONDS: how long; TALLY_HISTORY_SEED: from which
// program on.
#include "history.hpp"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <vector>

#include "sharing.hpp"

namespace tally::runtime {

void step() noexcept {
  thread_local std::minstd_rand random(
      static_cast<unsigned>(std::hash<std::thread::id>()(std::this_thread::get_id())));
  const std::uint32_t number = random();
  if (number % 8 == 0) std::this_thread::yield();
  if (number % 64 == 1) std::this_thread::sleep_for(std::chrono::microseconds(random() % 50));
}

namespace test {
namespace {

// ---- The search itself ----

// One object with one token.
const World one{.object_of = {0, 0}, .parent_of = {-1}, .good = 1};

TEST(History, ACallAfterTheDestroyIsNotExplained) {
  Operation destroy{.act = Act::destroy, .thread = 0, .object = 0, .token = 0, .invoked = 1, .answered = 2};
  Operation call{.act = Act::call, .thread = 1, .object = 0, .invoked = 3, .answered = 4, .left = 5};
  EXPECT_FALSE(is_explained(one, {destroy, call}));
  call.answer = Answer::gone;
  call.left = 0;
  EXPECT_TRUE(is_explained(one, {destroy, call}));
  destroy.answered = 10;
  call.answer = Answer::done;
  EXPECT_TRUE(is_explained(one, {destroy, call})) << "the call may have come first";
}

TEST(History, ATokenIsSpentOnce) {
  const Operation first{
      .act = Act::destroy, .thread = 0, .object = 0, .token = 0, .invoked = 1, .answered = 9};
  Operation second{
      .act = Act::transfer, .thread = 1, .object = 0, .token = 0, .made = 1, .invoked = 2, .answered = 8};
  EXPECT_FALSE(is_explained(one, {first, second}));
  second.answer = Answer::gone;
  EXPECT_TRUE(is_explained(one, {first, second}));
}

TEST(History, OneOfTwoDestroysSucceeds) {
  Operation first{.act = Act::destroy, .thread = 0, .object = 0, .token = 0, .invoked = 1, .answered = 9};
  Operation second = first;
  second.thread = 1;
  first.answer = second.answer = Answer::gone;
  EXPECT_FALSE(is_explained(one, {first, second}));
}

TEST(History, WhatIsNotInUseIsNotRefusedForThat) {
  Operation refused{.act = Act::try_destroy,
                    .thread = 0,
                    .object = 0,
                    .token = 0,
                    .answer = Answer::in_use,
                    .invoked = 5,
                    .answered = 6};
  Operation call{.act = Act::call, .thread = 1, .object = 0, .invoked = 1, .answered = 2, .left = 3};
  EXPECT_FALSE(is_explained(one, {refused, call})) << "it had left";
  call.left = 7;
  EXPECT_TRUE(is_explained(one, {refused, call}));
}

TEST(History, ParentsWithChildrenAreNotDestroyedAtOnce) {
  World family{.object_of = {0, 1}, .parent_of = {-1, 0}, .good = 3};
  Operation destroy{
      .act = Act::try_destroy, .thread = 0, .object = 0, .token = 0, .invoked = 1, .answered = 2};
  EXPECT_FALSE(is_explained(family, {destroy}));
  destroy.answer = Answer::in_use;
  EXPECT_TRUE(is_explained(family, {destroy}));
  family.good = 1;
  EXPECT_FALSE(is_explained(family, {destroy}));
}

// ---- Programs ----

enum : int { kShared, kExclusive, kCounted, kFirstChild };

struct Program {
  unsigned seed;
  std::vector<std::vector<Operation>> threads;
  World world;
};

Program random_program(unsigned seed) {
  std::minstd_rand random(seed);
  random.discard(10);
  Program program{
      .seed = seed,
      .threads = {},
      .world = {.object_of = {kShared, kExclusive, kCounted}, .parent_of = {-1, -1, -1}, .good = 7}};
  World& world = program.world;
  const auto below = [&](std::size_t end) { return static_cast<int>(random() % end); };
  program.threads.resize(2 + random() % 2);
  for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
    for (int i = 0; i < 4; ++i) {
      Operation operation{
          .act = static_cast<Act>(below(6)), .thread = static_cast<int>(thread), .object = below(3)};
      const bool takes = operation.act == Act::destroy || operation.act == Act::try_destroy ||
                         operation.act == Act::transfer;
      if (takes) {
        operation.token = random() % 3 == 0 ? below(world.object_of.size()) : operation.object;
        operation.object = world.object_of[static_cast<std::size_t>(operation.token)];
      }
      if (operation.act == Act::retain) operation.object = kCounted;
      int made_object = operation.object;
      if (operation.act == Act::make_child) {
        operation.object = kExclusive;
        made_object = static_cast<int>(world.parent_of.size());
        world.parent_of.push_back(kExclusive);
      }
      if (operation.act == Act::transfer || operation.act == Act::retain ||
          operation.act == Act::make_child) {
        operation.made = static_cast<int>(world.object_of.size());
        world.object_of.push_back(made_object);
      }
      program.threads[thread].push_back(operation);
    }
  }
  return program;
}

// The objects of a program, and its run.
class Run {
 public:
  explicit Run(const Program& program) : program_(program), words_(program.world.object_of.size()) {
    Table<Thing>* const first[] = {&shared_table, &exclusive_table, &counted};
    for (int object = kShared; object < kFirstChild; ++object) {
      Opaque* const token = make(*first[object]);
      words_[static_cast<std::size_t>(object)] = token;
      handles_[object] = handle(*first[object], token);
    }
  }

  std::vector<Operation> history() {
    std::vector<std::vector<Operation>> done(program_.threads.size());
    std::barrier start(static_cast<std::ptrdiff_t>(done.size()));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < done.size(); ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        for (Operation operation : program_.threads[i]) {
          if (perform(operation)) done[i].push_back(operation);
        }
      });
    }
    for (std::thread& each : threads) each.join();
    std::vector<Operation> history;
    for (const std::vector<Operation>& each : done) history.insert(history.end(), each.begin(), each.end());
    return history;
  }

  ~Run() {
    for (std::size_t token = 0; token < words_.size(); ++token)
      end(table_of(program_.world.object_of[token]), words_[token]);  // if it is not spent already
  }

 private:
  static Table<Thing>& table_of(int object) {
    Table<Thing>* const first[] = {&shared_table, &exclusive_table, &counted};
    return object < kFirstChild ? *first[object] : member_table;
  }

  static Answer answer_of(tally_status status) {
    switch (status) {
      case TALLY_STALE_HANDLE:
      case TALLY_ALREADY_DESTROYED:
      case TALLY_NOT_OWNER:
      case TALLY_GONE_WITH_PARENT:
        return Answer::gone;
      case TALLY_BORROWED:
      case TALLY_HAS_CHILDREN:
      case TALLY_CONCURRENT_USE:
        return Answer::in_use;
      default:
        EXPECT_GE(status, TALLY_OK) << tally_last_error()->text;
        return Answer::done;
    }
  }

  std::uint64_t now() { return ++clock_; }
  void made(const Operation& operation, Opaque* token) {
    if (token) words_[static_cast<std::size_t>(operation.made)] = token;
  }

  // False if the token is not there yet.
  bool perform(Operation& operation) {
    Opaque* token = operation.token < 0 ? nullptr : words_[static_cast<std::size_t>(operation.token)].load();
    if (operation.token >= 0 && !token) return false;
    operation.invoked = now();
    switch (operation.act) {
      case Act::call:
      case Act::make_child:
        enter(operation);
        return true;
      case Act::destroy:
        operation.answer = answer_of(end(table_of(operation.object), token));
        break;
      case Act::try_destroy:
        operation.answer = answer_of(table_of(operation.object).try_destroy(in_call(), "owner", &token));
        break;
      case Act::transfer:
        transfer(operation, token);
        break;
      case Act::retain:
        retain(operation);
        break;
    }
    operation.answered = now();
    return true;
  }

  void enter(Operation& operation) {
    Table<Thing>& table = table_of(operation.object);
    const Opaque* const word = handles_[operation.object];
    {
      const Use use(table, in_call(), "self", word);
      operation.answer = answer_of(use.status());
      operation.answered = now();
      if (use.status() < 0) return;
      EXPECT_EQ(use.object()->value, 7) << "it has ended under the call";
      if (operation.act == Act::make_child) make_child(operation, word);
      step();
    }
    operation.left = now();
  }

  void make_child(Operation& operation, const Opaque* parent) {
    Opaque* child = nullptr;
    operation.entered = operation.invoked;
    for (int i = 0; i < 8; ++i) step();  // time for the parent to be destroyed
    operation.invoked = now();
    operation.answer = answer_of(member_table.create(
        in_call(), &child, [] { return Thing(7); }, exclusive_table.place_of(parent)));
    made(operation, child);
    operation.answered = now();
  }

  void transfer(Operation& operation, const Opaque* token) {
    tally_status status = TALLY_OK;
    const TableBase::Transfer transfer =
        table_of(operation.object).transfer(in_call(), "object", token, false, &status);
    operation.answer = answer_of(status);
    made(operation, as_pointer<Opaque>(transfer.given));
  }

  void retain(Operation& operation) {
    const Word token = counted.retain(in_call(), handles_[kCounted]);
    operation.answer = token == 0 ? answer_of(tally_last_error()->status) : Answer::done;
    made(operation, as_pointer<Opaque>(token));
  }

  const Program& program_;
  std::vector<std::atomic<Opaque*>> words_;
  const Opaque* handles_[kFirstChild] = {};
  std::atomic<std::uint64_t> clock_ = 0;
};

// What can't be explained of so many runs; nothing if all can.
std::vector<Operation> unexplained(const Program& program, int runs) {
  for (int i = 0; i < runs; ++i) {
    std::vector<Operation> history = Run(program).history();
    if (!is_explained(program.world, history)) return history;
  }
  return {};
}

// Without the operations that it fails without as well.
std::vector<Operation> smallest_unexplained(Program program, std::vector<Operation> history) {
  constexpr int kRuns = 2000;
  for (std::vector<Operation>& thread : program.threads) {
    for (std::size_t i = thread.size(); i-- > 0;) {
      const Operation left_out = thread[i];
      thread.erase(thread.begin() + static_cast<std::ptrdiff_t>(i));
      std::vector<Operation> smaller = unexplained(program, kRuns);
      if (smaller.empty()) {
        thread.insert(thread.begin() + static_cast<std::ptrdiff_t>(i), left_out);
      } else {
        history = std::move(smaller);
      }
    }
  }
  return history;
}

unsigned setting(const char* name, unsigned otherwise) {
  const char* const value = std::getenv(name);
  return value ? static_cast<unsigned>(std::strtoul(value, nullptr, 10)) : otherwise;
}

using Histories = Sharing;

TEST_F(Histories, SomeOrderExplainsEachAnswer) {
  const unsigned first = setting("TALLY_HISTORY_SEED", std::random_device{}());
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::seconds(setting("TALLY_HISTORY_SECONDS", 3));
  unsigned programs = 0;
  for (; std::chrono::steady_clock::now() < until && !HasFailure(); ++programs) {
    const Program program = random_program(first + programs);
    const std::vector<Operation> history = unexplained(program, 5);
    EXPECT_TRUE(history.empty()) << "no order explains program " << program.seed << ":\n"
                                 << as_text(history) << "nor, of the same,\n"
                                 << as_text(smallest_unexplained(program, history));
  }
  std::cout << programs << " programs, from " << first << " on, 5 times each\n";
}

}  // namespace
}  // namespace test
}  // namespace tally::runtime
