// Objects that several threads may use: who may call, what a destroy waits for, and who runs the destructor.
#include <array>
#include <cstring>
#include <functional>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include "sharing.hpp"
#include "tally/misuse.h"

namespace tally::runtime::test {
namespace {

// A call: what it finds, or the status with which it is refused.
int value(Table<Thing>& table, const Opaque* word) {
  const Use<Thing> use(table, in_call(), "self", word);
  return use.status() < 0 ? use.status() : use.object()->value.load();
}

void on_another_thread(const std::function<void()>& body) {
  std::thread(body).join();
}

// A call on another thread that stays inside until it is told to leave.
class CallInside {
 public:
  CallInside(Table<Thing>& table, const Opaque* word)
      : thread_([this, &table, word] {
          const Use<Thing> use(table, in_call(), "self", word);
          status = use.status();
          is_inside_.count_down();
          may_leave_.wait();
          if (status == TALLY_OK) value_at_end = use.object()->value;
        }) {
    is_inside_.wait();
  }
  ~CallInside() { leave(); }
  void leave() {
    if (!thread_.joinable()) return;
    may_leave_.count_down();
    thread_.join();
  }
  std::thread::id id() const { return id_; }

  tally_status status = TALLY_OK;
  int value_at_end = 0;

 private:
  std::latch is_inside_{1};
  std::latch may_leave_{1};
  std::thread thread_;
  std::thread::id id_ = thread_.get_id();
};

// What a module knows of threads it learns at its start; before that, a thread's record is nowhere. The other
// tests of this program start it, so these two come first.
TEST_F(Sharing, BeforeTheFirstCreationAWordIsRefusedAndNothingIsWritten) {
  std::array<unsigned char, sizeof(tally_thread)> before;
  std::memcpy(before.data(), __builtin_thread_pointer(), before.size());
  auto* const made_up = as_pointer<Opaque>(0x123456789);
  for (Table<Thing>* const table : {&shared_table, &exclusive_table, &counted}) {
    for (Opaque* const word : {static_cast<Opaque*>(nullptr), made_up}) {
      const Use<Thing> use(*table, in_call(), "self", word);
      EXPECT_EQ(use.status(), word ? TALLY_NEVER_ISSUED : TALLY_NULL_ARGUMENT) << tally_last_error()->text;
    }
    EXPECT_EQ(end(*table, made_up), TALLY_NEVER_ISSUED);
  }
  EXPECT_EQ(std::memcmp(before.data(), __builtin_thread_pointer(), before.size()), 0);
}

TEST_F(Sharing, BeforeTheFirstCreationNoThreadPassesForRealTime) {
  auto* const made_up = as_pointer<Opaque>(0x123456789);
  Opaque* word = made_up;
  EXPECT_EQ(shared_table.try_destroy(in_call(), "owner", &word), TALLY_NEVER_ISSUED)
      << tally_last_error()->text;
  EXPECT_EQ(word, made_up);
}

TEST_F(Sharing, AnyThreadCallsByHandleAndByToken) {
  Opaque* const token = make(shared_table);
  const Opaque* const its_handle = handle(shared_table, token);
  EXPECT_EQ(value(shared_table, token), 7);
  on_another_thread([&] {
    EXPECT_EQ(value(shared_table, its_handle), 7);
    EXPECT_EQ(value(shared_table, token), 7);
  });
  EXPECT_EQ(value(shared_table, its_handle), 7);
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
  EXPECT_EQ(value(shared_table, its_handle), TALLY_STALE_HANDLE);
  on_another_thread([&] { EXPECT_EQ(value(shared_table, token), TALLY_STALE_HANDLE); });
  EXPECT_EQ(end(shared_table, token), TALLY_ALREADY_DESTROYED);
}

TEST_F(Sharing, AnyThreadDestroysAndRunsTheDestructorItself) {
  Opaque* const token = make(shared_table);
  on_another_thread([&] {
    EXPECT_EQ(end(shared_table, token), TALLY_OK);
    EXPECT_EQ(Thing::last_thread.load(), std::this_thread::get_id());
  });
  EXPECT_EQ(end(shared_table, token), TALLY_ALREADY_DESTROYED);
}

TEST_F(Sharing, ASlotThatAnotherThreadHasFreedIsUsedAgain) {
  for (int i = 0; i < 1000; ++i) {
    Opaque* const token = make(shared_table);
    EXPECT_LT(slot_index(word_of(token)), 200u);
    on_another_thread([&] { EXPECT_EQ(end(shared_table, token), TALLY_OK); });
  }
}

TEST_F(Sharing, ADestroyLeavesTheEndToTheLastCallInside) {
  Opaque* const token = make(shared_table);
  CallInside first(shared_table, token);
  CallInside second(shared_table, token);
  EXPECT_EQ(first.status, TALLY_OK);
  EXPECT_EQ(second.status, TALLY_OK) << "any number at once";
  EXPECT_EQ(end(shared_table, token), TALLY_DEFERRED);
  EXPECT_EQ(value(shared_table, token), TALLY_STALE_HANDLE);
  first.leave();
  EXPECT_EQ(first.value_at_end, 7);
  EXPECT_EQ(ended, 0);
  second.leave();
  EXPECT_EQ(second.value_at_end, 7);
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(Thing::last_thread.load(), second.id());
}

TEST_F(Sharing, ADestroyFromInsideItsOwnCallIsLeftToTheCall) {
  Opaque* const token = make(shared_table);
  {
    const Use<Thing> use(shared_table, in_call(), "self", token);
    EXPECT_EQ(end(shared_table, token), TALLY_DEFERRED);
    EXPECT_EQ(use.object()->value, 7);
  }
  EXPECT_EQ(ended, 1);
}

TEST_F(Sharing, TryDestroyIsRefusedWhileAnotherThreadIsInside) {
  Opaque* token = make(shared_table);
  {
    const CallInside inside(shared_table, token);
    EXPECT_EQ(shared_table.try_destroy(in_call(), "owner", &token), TALLY_BORROWED);
    EXPECT_EQ(value(shared_table, token), 7) << "nothing has changed";
  }
  EXPECT_EQ(shared_table.try_destroy(in_call(), "owner", &token), TALLY_OK);
}

// Deeper than a thread notes without a lock.
TEST_F(Sharing, CallsInsideCallsInsideCallsAreAllCounted) {
  Opaque* const token = make(shared_table);
  const Opaque* const its_handle = handle(shared_table, token);
  std::function<void(int)> call = [&](int depth) {
    const Use<Thing> use(shared_table, in_call(), "self", its_handle);
    ASSERT_EQ(use.status(), TALLY_OK);
    if (depth > 0) {
      call(depth - 1);
    } else {
      EXPECT_EQ(end(shared_table, token), TALLY_DEFERRED);
    }
    EXPECT_EQ(use.object()->value, 7);
  };
  call(40);
  EXPECT_EQ(ended, 1);
}

// A thread's next note raises the depth before it writes the entry: what stood there must not be seen again,
// or an object would wait for somebody who has left.
TEST_F(Sharing, ANoteThatWasTakenBackIsNotSeenAgain) {
  end(shared_table, make(shared_table));
  Slot slot{};
  tally_thread& thread = this_thread();
  TableBase::note(thread, 0, &slot);
  EXPECT_TRUE(sharing.core()->is_inside(&slot));
  TableBase::unnote(thread, 0);
  EXPECT_FALSE(sharing.core()->is_inside(&slot));
  thread.depth = 1;
  EXPECT_FALSE(sharing.core()->is_inside(&slot));
  thread.depth = 0;
}

TEST_F(Sharing, AnExclusiveObjectIsUsedByOneThreadAtATime) {
  Opaque* const token = make(exclusive_table);
  {
    CallInside inside(exclusive_table, token);
    EXPECT_EQ(inside.status, TALLY_OK);
    EXPECT_EQ(value(exclusive_table, token), TALLY_CONCURRENT_USE);
    const std::string text = tally_last_error()->text;
    EXPECT_NE(text.find("concurrent use: another thread is inside 'self', and one at a time may use a "
                        "sharing.exclusive"),
              std::string::npos)
        << text;
    inside.leave();
    EXPECT_EQ(value(exclusive_table, token), 7) << "it has left";
  }
  on_another_thread([&] { EXPECT_EQ(value(exclusive_table, token), 7); });
  EXPECT_EQ(value(exclusive_table, token), 7);
  EXPECT_EQ(end(exclusive_table, token), TALLY_OK);
}

TEST_F(Sharing, AnExclusiveObjectsOwnThreadMayCallItFromInside) {
  Opaque* const token = make(exclusive_table);
  on_another_thread([&] { EXPECT_EQ(value(exclusive_table, token), 7); });
  const Use<Thing> use(exclusive_table, in_call(), "self", token);
  EXPECT_EQ(value(exclusive_table, token), 7);
  EXPECT_EQ(end(exclusive_table, token), TALLY_DEFERRED);
}

TEST_F(Sharing, AnExclusiveObjectIsDestroyedWhileAnotherThreadIsInside) {
  Opaque* const token = make(exclusive_table);
  CallInside inside(exclusive_table, token);
  EXPECT_EQ(end(exclusive_table, token), TALLY_DEFERRED);
  inside.leave();
  EXPECT_EQ(inside.value_at_end, 7);
  EXPECT_EQ(ended, 1);
}

TEST_F(Sharing, OfAFamilyOneIsUsedAtATime) {
  Opaque* const parent = make(exclusive_table);
  const Place place = exclusive_table.place_of(parent);
  Opaque* const first = make(member_table, place);
  Opaque* const second = make(member_table, place);
  const auto use_member = [&](const Opaque* word) {
    const Use<Thing> use(member_table, in_call(), "self", word);
    if (use.status() < 0) return int{use.status()};
    const FamilyUse family(member_table, in_call(), "self", word);
    return family.status() < 0 ? int{family.status()} : use.object()->value.load();
  };
  {
    const Use<Thing> use(member_table, in_call(), "self", first);
    const FamilyUse family(member_table, in_call(), "self", first);
    EXPECT_EQ(use_member(second), 7) << "on the same thread";
    on_another_thread([&] {
      EXPECT_EQ(use_member(second), TALLY_CONCURRENT_USE);
      EXPECT_EQ(value(exclusive_table, parent), TALLY_CONCURRENT_USE);
    });
  }
  on_another_thread([&] { EXPECT_EQ(use_member(second), 7); });
  EXPECT_EQ(end(exclusive_table, parent), TALLY_DEFERRED) << "its children keep it";
  EXPECT_EQ(use_member(first), 7);
  EXPECT_EQ(end(member_table, first), TALLY_OK);
  on_another_thread([&] { EXPECT_EQ(end(member_table, second), TALLY_OK); });
  EXPECT_EQ(ended, 3);
}

TEST_F(Sharing, ReferencesAreRetainedAndReleasedOnAnyThread) {
  Opaque* const token = make(counted);
  Opaque* other = nullptr;
  on_another_thread([&] { other = as_pointer<Opaque>(counted.retain_within(in_call(), token)); });
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(end(counted, token), TALLY_OK);
  EXPECT_EQ(ended, 0);
  EXPECT_EQ(value(counted, other), 7);
  EXPECT_EQ(end(counted, other), TALLY_OK);
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(end(counted, other), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(counted.retain_within(in_call(), other), 0u);
}

TEST_F(Sharing, AReferenceReleasedElsewhereIsUsedAgain) {
  Opaque* const token = make(counted);
  std::uint32_t highest = 0;
  for (int i = 0; i < 2000; ++i) {
    const Word more = counted.retain_within(in_call(), token);
    highest = std::max(highest, slot_index(more));
    on_another_thread([&] { EXPECT_EQ(end(counted, as_pointer<Opaque>(more)), TALLY_OK); });
    if (i % 100 == 0) tally_collect();
  }
  EXPECT_LT(highest, 400u);
  EXPECT_EQ(end(counted, token), TALLY_OK);
}

TEST_F(Sharing, ATokenChangesHandsOnAnyThread) {
  Opaque* const token = make(shared_table);
  Word given = 0;
  on_another_thread([&] {
    tally_status status = TALLY_OK;
    given = shared_table.transfer(in_call(), "object", token, false, &status).given;
  });
  ASSERT_NE(given, 0u);
  EXPECT_EQ(end(shared_table, token), TALLY_NOT_OWNER);
  EXPECT_EQ(end(shared_table, as_pointer<Opaque>(given)), TALLY_OK);
}

TEST_F(Sharing, WhatACallConsumesNoOtherCallIsInside) {
  Opaque* token = make(shared_table);
  {
    const CallInside inside(shared_table, token);
    tally_status status = TALLY_OK;
    EXPECT_FALSE(shared_table.begin_consuming(in_call(), token, &status));
    EXPECT_EQ(status, TALLY_BORROWED);
  }
  tally_status status = TALLY_OK;
  const Claim claim = shared_table.begin_consuming(in_call(), token, &status);
  ASSERT_TRUE(claim);
  on_another_thread([&] { EXPECT_EQ(value(shared_table, token), TALLY_STALE_HANDLE); });
  shared_table.resume(claim, word_of(token));
  shared_table.leave(claim.object);
  on_another_thread([&] { EXPECT_EQ(value(shared_table, token), 7) << "the call has failed"; });
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
}

TEST_F(Sharing, WhatACallConsumesNobodyElseTakesOrTriesToEnd) {
  Opaque* token = make(shared_table);
  const Opaque* const its_handle = handle(shared_table, token);
  tally_status status = TALLY_OK;
  const Claim claim = shared_table.begin_consuming(in_call(), token, &status);
  ASSERT_TRUE(claim);
  on_another_thread([&] {
    EXPECT_EQ(shared_table.transfer(in_call(), "object", token, false, &status).given, 0u);
    EXPECT_EQ(status, TALLY_BORROWED);
    EXPECT_FALSE(shared_table.begin_consuming(in_call(), token, &status));
    EXPECT_EQ(status, TALLY_BORROWED);
    Opaque* owner = token;
    EXPECT_EQ(shared_table.try_destroy(in_call(), "owner", &owner), TALLY_BORROWED);
    EXPECT_EQ(value(shared_table, token), TALLY_STALE_HANDLE);
    EXPECT_EQ(handle(shared_table, token), its_handle) << "its owner may ask";
  });
  shared_table.end_consumed(in_call(), claim, word_of(token));
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(end(shared_table, token), TALLY_ALREADY_DESTROYED);
}

TEST_F(Sharing, WhatIsDestroyedWhileACallConsumesItEndsOnce) {
  Opaque* const token = make(shared_table);
  tally_status status = TALLY_OK;
  const Claim claim = shared_table.begin_consuming(in_call(), token, &status);
  ASSERT_TRUE(claim);
  on_another_thread([&] { EXPECT_EQ(end(shared_table, token), TALLY_DEFERRED); });
  EXPECT_EQ(ended, 0);
  shared_table.end_consumed(in_call(), claim, word_of(token));
  EXPECT_EQ(ended, 1);
}

TEST_F(Sharing, WhatWasConsumedIsNotCalledAgain) {
  Opaque* const token = make(shared_table);
  const Opaque* const its_handle = handle(shared_table, token);
  tally_status status = TALLY_OK;
  const Claim claim = shared_table.begin_consuming(in_call(), token, &status);
  ASSERT_TRUE(claim);
  shared_table.leave(claim.object);
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
  EXPECT_EQ(value(shared_table, its_handle), TALLY_STALE_HANDLE);
  EXPECT_EQ(handle(shared_table, its_handle), nullptr);
}

TEST_F(Sharing, ConsumingOneOfSeveralReferencesLeavesTheObjectToTheOthers) {
  Opaque* const token = make(counted);
  auto* const other = as_pointer<Opaque>(counted.retain_within(in_call(), token));
  tally_status status = TALLY_OK;
  const Claim claim = counted.begin_consuming(in_call(), token, &status);
  ASSERT_TRUE(claim);
  EXPECT_EQ(value(counted, other), 7);
  counted.leave(claim.object);
  EXPECT_EQ(counted.destroy_within(in_call(), "self", word_of(token)), TALLY_OK);
  EXPECT_EQ(value(counted, other), 7);
  EXPECT_EQ(end(counted, other), TALLY_OK);
}

TEST_F(Sharing, NoViewIsOpenedUntilTheLastCallThatMovesItHasEnded) {
  Opaque* const token = make(exclusive_table);
  const Place place = exclusive_table.place_of(token);
  const auto open = [&] {
    tally_view view{};
    const tally_status status =
        sharing_views.open_text(in_call(), &view, place, [] { return std::string_view(); });
    EXPECT_EQ(sharing_views.close(in_call(), word_of(view.owner)), TALLY_OK);  // of null as well
    return status;
  };
  EXPECT_EQ(exclusive_table.hold_views(in_call(), token), TALLY_OK);
  EXPECT_EQ(exclusive_table.hold_views(in_call(), token), TALLY_OK);
  exclusive_table.allow_views(place);
  EXPECT_EQ(open(), TALLY_BORROWED);
  exclusive_table.allow_views(place);
  EXPECT_EQ(open(), TALLY_OK);
  EXPECT_EQ(end(exclusive_table, token), TALLY_OK);
}

TEST_F(Sharing, AViewIsClosedOnAnyThreadAndKeepsItsObject) {
  Opaque* const token = make(exclusive_table);
  tally_view view{};
  ASSERT_EQ(sharing_views.open_text(in_call(), &view, exclusive_table.place_of(token),
                                    [] { return std::string_view("shown"); }),
            TALLY_OK);
  on_another_thread([&] {
    EXPECT_EQ(exclusive_table.hold_views(in_call(), token), TALLY_BORROWED);
    EXPECT_EQ(end(exclusive_table, token), TALLY_DEFERRED);
  });
  EXPECT_EQ(ended, 0);
  on_another_thread([&] { EXPECT_EQ(sharing_views.close(in_call(), word_of(view.owner)), TALLY_OK); });
  EXPECT_EQ(ended, 1);
}

// Who calls try_destroy has asked.
TEST_F(Sharing, WhatTryDestroyAnswersIsNoMisuse) {
  std::vector<tally_status> told;
  tally_misuse_watcher watcher{
      nullptr,
      [](tally_misuse_watcher* self, const tally_error* error) {
        static_cast<std::vector<tally_status>*>(self->user)->push_back(error->status);
      },
      &told};
  tally_misuse_watch(&watcher);
  static constexpr Function asking{sharing, "sharing_try_destroy", true};
  const Call asks{asking, TALLY_CALLER};
  Opaque* const token = make(shared_table);
  Opaque* owner = token;
  {
    const Use<Thing> use(shared_table, in_call(), "self", token);
    EXPECT_EQ(shared_table.try_destroy(asks, "owner", &owner), TALLY_BORROWED);
    EXPECT_TRUE(told.empty());
    EXPECT_EQ(shared_table.try_destroy_within(in_call(), "owner", word_of(token)), TALLY_BORROWED);
    EXPECT_EQ(told, std::vector<tally_status>{TALLY_BORROWED}) << "another function has not asked";
  }
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
  told.clear();
  EXPECT_EQ(shared_table.try_destroy(asks, "owner", &owner), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(told, std::vector<tally_status>{TALLY_ALREADY_DESTROYED}) << "this is one";
  tally_misuse_unwatch(&watcher);
}

}  // namespace
}  // namespace tally::runtime::test
