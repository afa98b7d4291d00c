// Real-time threads: what they destroy is gone at once, and ended by another thread.
#include <functional>
#include <latch>
#include <string>
#include <thread>

#include "sharing.hpp"
#include "tally/host.h"
#include "tally/runtime/pin.hpp"

namespace tally::runtime::test {
namespace {

using Realtime = Sharing;

// Does this on a real-time thread, which then ends.
void on_realtime_thread(const std::function<void()>& body) {
  std::thread([&] {
    ASSERT_EQ(tally_thread_realtime(1), TALLY_OK);
    body();
  }).join();
}

bool is_callable(Table<Thing>& table, const Opaque* word) {
  return Use<Thing>(table, in_call(), "self", word).status() == TALLY_OK;
}

// Destroyed by a real-time thread, ended by this one.
void expect_handed_over(Table<Thing>& table, Opaque* token) {
  const Opaque* const its_handle = handle(table, token);
  const int before = ended;
  on_realtime_thread([&] {
    EXPECT_EQ(end(table, token), TALLY_DEFERRED);
    EXPECT_EQ(end(table, token), TALLY_ALREADY_DESTROYED);
    EXPECT_EQ(is_callable(table, its_handle), table.traits().is_counted) << "that may have other references";
    EXPECT_EQ(tally_collect(), 0u);
  });
  EXPECT_EQ(ended, before);
  EXPECT_EQ(balance_of(table).deferred, 1u);
  EXPECT_EQ(tally_collect(), 1u);
  EXPECT_EQ(ended, before + 1);
  EXPECT_EQ(Thing::last_thread.load(), std::this_thread::get_id());
  EXPECT_EQ(balance_of(table).deferred, 0u);
  EXPECT_FALSE(is_callable(table, its_handle));
}

TEST_F(Realtime, WhatItDestroysAnotherThreadEnds) {
  expect_handed_over(shared_table, make(shared_table));
  expect_handed_over(exclusive_table, make(exclusive_table));
  expect_handed_over(counted, make(counted));
}

TEST_F(Realtime, ItsOwnObjectsToo) {
  for (Table<Thing>* const table : {&shared_table, &exclusive_table, &counted}) {
    on_realtime_thread([&] {
      Opaque* const token = make(*table);
      EXPECT_EQ(end(*table, token), TALLY_DEFERRED) << table->class_name();
    });
    EXPECT_EQ(end(*table, make(*table)), TALLY_OK) << "a destroy ends the other as well";
    EXPECT_EQ(balance_of(*table).deferred, 0u);
  }
}

TEST_F(Realtime, AReferenceIsReleasedAndTheObjectLivesOn) {
  Opaque* const first = make(counted);
  const Word second = counted.retain_within(in_call(), first);
  on_realtime_thread([&] {
    EXPECT_EQ(counted.release(in_call(), "owner", as_pointer<Opaque>(second)), TALLY_DEFERRED);
    EXPECT_EQ(counted.release(in_call(), "owner", as_pointer<Opaque>(second)), TALLY_ALREADY_DESTROYED);
    EXPECT_TRUE(is_callable(counted, first));
  });
  EXPECT_EQ(tally_collect(), 1u);
  EXPECT_EQ(ended, 0);
  EXPECT_TRUE(is_callable(counted, first));
  EXPECT_EQ(end(counted, first), TALLY_OK);
}

TEST_F(Realtime, AFamilyEndsInItsOrder) {
  Opaque* const parent = make(exclusive_table);
  Opaque* const child = make(member_table, exclusive_table.place_of(parent));
  on_realtime_thread([&] {
    EXPECT_EQ(end(exclusive_table, parent), TALLY_DEFERRED);
    EXPECT_TRUE(is_callable(member_table, child)) << "it is kept";
    EXPECT_EQ(end(member_table, child), TALLY_DEFERRED);
  });
  tally_collect();
  EXPECT_EQ(ended, 2);
}

TEST_F(Realtime, ABlobAndAView) {
  tally_blob blob{};
  ASSERT_EQ(sharing_blobs.allocate(in_call(), 100, 16, false, &blob), TALLY_OK);
  Opaque* const token = make(exclusive_table);
  tally_view view{};
  ASSERT_EQ(sharing_views.open_text(in_call(), &view, exclusive_table.place_of(token),
                                    [] { return std::string_view("shown"); }),
            TALLY_OK);
  on_realtime_thread([&] {
    EXPECT_EQ(sharing_blobs.destroy_within(in_call(), "blob", word_of(blob.owner)), TALLY_DEFERRED);
    EXPECT_EQ(sharing_blobs.destroy_within(in_call(), "blob", word_of(blob.owner)), TALLY_ALREADY_DESTROYED);
    EXPECT_EQ(sharing_views.close(in_call(), word_of(view.owner)), TALLY_DEFERRED);
  });
  EXPECT_EQ(end(exclusive_table, token), TALLY_DEFERRED) << "the view is still open, and closed by the way";
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(balance_of(sharing_blobs).deferred, 0u);
}

// The object ends when the real-time thread leaves, but not on it.
TEST_F(Realtime, WhatItLeavesLastAnotherThreadEnds) {
  Opaque* const token = make(shared_table);
  const Opaque* const its_handle = handle(shared_table, token);
  std::latch is_inside(1);
  std::latch may_leave(1);
  std::thread user([&] {
    ASSERT_EQ(tally_thread_realtime(1), TALLY_OK);
    {
      const Use<Thing> use(shared_table, in_call(), "self", its_handle);
      is_inside.count_down();
      may_leave.wait();
      EXPECT_EQ(use.object()->value, 7);
    }
    EXPECT_EQ(ended, 0);
  });
  is_inside.wait();
  EXPECT_EQ(end(shared_table, token), TALLY_DEFERRED);
  tally_collect();
  EXPECT_EQ(ended, 0);
  may_leave.count_down();
  user.join();
  EXPECT_EQ(ended, 0);
  tally_collect();
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(sharing.waiting(), 0u);
}

TEST_F(Realtime, TryDestroyIsRefused) {
  Opaque* const token = make(shared_table);
  Opaque* owner = token;
  on_realtime_thread([&] {
    EXPECT_EQ(shared_table.try_destroy(in_call(), "owner", &owner), TALLY_WRONG_THREAD);
    EXPECT_EQ(
        std::string(tally_last_error()->text),
        "sharing_function: wrong thread: this thread is real-time, and the destructor of a sharing.shared "
        "does not run on it; destroy hands it to another thread");
  });
  EXPECT_EQ(owner, token);
  EXPECT_EQ(end(shared_table, token), TALLY_OK);
}

TEST_F(Realtime, AConfinedObjectEndsOnItsOwnThreadOnceThatIsNotRealtime) {
  const int before = Counted::destroyed;
  std::thread([&] {
    Opaque* const token = create();
    const Opaque* const its_handle = handle_of(token);
    EXPECT_EQ(tally_thread_realtime(1), TALLY_OK);
    EXPECT_EQ(destroy(token), TALLY_DEFERRED);
    EXPECT_EQ(destroy(token), TALLY_ALREADY_DESTROYED);
    EXPECT_EQ(counted_table.find(its_handle), nullptr);
    tally_collect();
    std::thread(tally_collect).join();
    EXPECT_EQ(Counted::destroyed, before);
    EXPECT_EQ(tally_thread_realtime(0), TALLY_OK);
    EXPECT_EQ(destroy(create()), TALLY_OK);
    EXPECT_EQ(Counted::destroyed, before + 2);

    EXPECT_EQ(tally_thread_realtime(1), TALLY_OK);
    EXPECT_EQ(destroy(create()), TALLY_DEFERRED);
    EXPECT_EQ(Counted::destroyed, before + 2);
  }).join();
  EXPECT_EQ(Counted::destroyed, before + 3) << "or when it ends";
  EXPECT_EQ(balance_of(counted_table).deferred, 0u);
}

// It was destroyed inside its own call, whose thread then became real-time.
TEST_F(Realtime, AConfinedObjectThatItLeavesIsNotEndedByAnother) {
  const int before = Counted::destroyed;
  std::thread([&] {
    Opaque* const token = create();
    {
      const Pin<Counted> pin(counted_table, call(), "self", token);
      EXPECT_EQ(destroy(token), TALLY_DEFERRED);
      EXPECT_EQ(tally_thread_realtime(1), TALLY_OK);
    }
    std::thread(tally_collect).join();
    EXPECT_EQ(Counted::destroyed, before);
    EXPECT_EQ(tally_thread_realtime(0), TALLY_OK);
    tally_collect();
    EXPECT_EQ(Counted::destroyed, before + 1);
  }).join();
}

TEST_F(Realtime, AReferenceThatWasHandedOverGoesWithItsParent) {
  Opaque* const parent = make(exclusive_table);
  Opaque* const child = make(parts_in_family, exclusive_table.place_of(parent));
  const Word second = parts_in_family.retain_within(in_call(), child);
  on_realtime_thread([&] {
    EXPECT_EQ(end(parts_in_family, as_pointer<Opaque>(second)), TALLY_DEFERRED);
    EXPECT_EQ(end(exclusive_table, parent), TALLY_DEFERRED);
  });
  tally_collect();
  EXPECT_EQ(ended, 2);
  EXPECT_EQ(end(parts_in_family, child), TALLY_OK) << "it has gone with its parent";
}

}  // namespace
}  // namespace tally::runtime::test
