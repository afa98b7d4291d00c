// The search for an order: what it explains, and that it does not explain what can't be.
#include "history.hpp"

#include <gtest/gtest.h>

namespace histories_test {
namespace {

// A history that is made up. Objects and tokens are numbered as they are added.
class Explained : public testing::Test {
 protected:
  int object(Kind kind, int parent = kNone) {
    const int object = history_.world.add_object(kind, parent);
    const int token = history_.world.add_token(object);
    add({.event = Event::made, .object = object, .made = token, .from = 1, .to = 1});
    return object;
  }
  // The token that it came with is number 0 if it is the only one.
  std::size_t add(Step step) {
    history_.steps.push_back(step);
    return history_.steps.size() - 1;
  }
  Step& step(std::size_t number) { return history_.steps[number]; }
  void stay(Stay stay) { history_.stays.push_back(stay); }
  void ends(int object, std::uint64_t from, std::uint64_t to) {
    add({.event = Event::ended, .thread = 9, .object = object, .from = from, .to = to});
  }
  bool is_explained(bool is_exact = false) const { return unexplained(history_, is_exact).empty(); }

  History history_;
};

TEST_F(Explained, ACallAfterTheDestroyIsNot) {
  const int plate = object(Kind::plate);
  const std::size_t destroy =
      add({.event = Event::destroyed, .object = plate, .token = 0, .from = 2, .to = 5});
  ends(plate, 3, 5);
  const std::size_t call = add({.event = Event::entered, .thread = 1, .object = plate, .from = 6, .to = 7});
  EXPECT_FALSE(is_explained());
  step(call).status = TALLY_STALE_HANDLE;
  EXPECT_TRUE(is_explained());
  step(call).status = TALLY_OK;
  step(call).from = 2;
  EXPECT_TRUE(is_explained()) << "it may have come first";
  step(call).status = TALLY_GONE_WITH_PARENT;
  EXPECT_FALSE(is_explained()) << "it has none";
  step(call).from = step(call).to = 1;
  step(destroy).status = TALLY_DEFERRED;
  EXPECT_FALSE(is_explained());
}

TEST_F(Explained, ATokenIsSpentOnce) {
  const int plate = object(Kind::plate);
  const int held = history_.world.add_token(plate);
  const std::size_t taken = add(
      {.event = Event::taken, .thread = 1, .object = plate, .token = 0, .made = held, .from = 2, .to = 8});
  add({.event = Event::destroyed, .object = plate, .token = 0, .from = 3, .to = 7});
  ends(plate, 4, 7);
  EXPECT_FALSE(is_explained());
  step(taken).status = TALLY_ALREADY_DESTROYED;
  EXPECT_TRUE(is_explained());
  step(taken).status = TALLY_NOT_OWNER;
  EXPECT_FALSE(is_explained()) << "nobody has taken it";
}

TEST_F(Explained, OneOfTwoDestroysSucceeds) {
  const int plate = object(Kind::plate);
  for (int thread : {0, 1}) {
    add({.event = Event::destroyed,
         .thread = thread,
         .object = plate,
         .token = 0,
         .status = TALLY_ALREADY_DESTROYED,
         .from = 2,
         .to = 9});
  }
  EXPECT_FALSE(is_explained());
}

TEST_F(Explained, ATokenThatWasTakenInVainIsGoodAgain) {
  const int plate = object(Kind::plate);
  const int held = history_.world.add_token(plate);
  add({.event = Event::taken, .object = plate, .token = 0, .made = held, .from = 2, .to = 3});
  add({.event = Event::given_back, .object = plate, .token = held, .made = 0, .from = 6, .to = 7});
  const std::size_t call =
      add({.event = Event::entered, .thread = 1, .object = plate, .token = 0, .from = 4, .to = 5});
  EXPECT_FALSE(is_explained());
  step(call).status = TALLY_NOT_OWNER;
  EXPECT_TRUE(is_explained());
  step(call).from = 8;
  step(call).to = 9;
  EXPECT_FALSE(is_explained());
}

TEST_F(Explained, TheEndOfWhatIsFreeIsNotDeferred) {
  const int plate = object(Kind::plate);
  add({.event = Event::destroyed, .object = plate, .token = 0, .status = TALLY_DEFERRED, .from = 5, .to = 6});
  ends(plate, 7, 8);
  EXPECT_FALSE(is_explained());
  stay({Stay::Way::call, plate, 1, 1, 2, 3, 4});
  EXPECT_FALSE(is_explained()) << "it had left";
  history_.stays[0].to = 7;
  EXPECT_TRUE(is_explained());
}

TEST_F(Explained, ADestroyThatIsDoneHasRunTheDestructor) {
  const int plate = object(Kind::plate);
  add({.event = Event::destroyed, .object = plate, .token = 0, .from = 5, .to = 6});
  stay({Stay::Way::call, plate, 1, 1, 2, 3, 7});
  EXPECT_FALSE(is_explained());
  ends(plate, 7, 8);
  EXPECT_FALSE(is_explained());
  step(2).from = 5;
  step(2).to = 6;
  EXPECT_TRUE(is_explained());
  history_.stays[0].outside = 6;
  EXPECT_FALSE(is_explained()) << "it has ended under the call";
}

TEST_F(Explained, WhatIsNotInUseIsNotRefusedForThat) {
  const int plate = object(Kind::plate);
  add({.event = Event::tried, .object = plate, .token = 0, .status = TALLY_BORROWED, .from = 5, .to = 6});
  EXPECT_FALSE(is_explained());
  stay({Stay::Way::call, plate, 1, 1, 2, 3, 4});
  EXPECT_FALSE(is_explained()) << "it had left";
  history_.stays[0].to = 7;
  EXPECT_TRUE(is_explained());
  history_.stays[0].thread = 0;
  EXPECT_FALSE(is_explained()) << "it was the thread itself";
}

TEST_F(Explained, ATryDestroyIsNeverDeferred) {
  const int plate = object(Kind::plate);
  add({.event = Event::tried, .object = plate, .token = 0, .status = TALLY_DEFERRED, .from = 5, .to = 6});
  ends(plate, 7, 8);
  stay({Stay::Way::call, plate, 1, 1, 2, 3, 7});
  EXPECT_FALSE(is_explained());
}

TEST_F(Explained, ConcurrentUseIsOfWhatOneAtATimeMayUse) {
  for (const Kind kind : {Kind::plate, Kind::pen}) {
    history_ = {};
    const int used = object(kind);
    add({.event = Event::entered, .object = used, .status = TALLY_CONCURRENT_USE, .from = 5, .to = 6});
    EXPECT_FALSE(is_explained()) << "nobody is inside";
    stay({Stay::Way::call, used, 1, 4, 5, 6, 7});
    EXPECT_EQ(is_explained(), kind == Kind::pen);
    history_.stays[0].way = Stay::Way::taking;
    EXPECT_FALSE(is_explained()) << "that takes no turn";
  }
}

TEST_F(Explained, AFamilyTakesTurns) {
  const int room = object(Kind::room);
  const int chair = object(Kind::chair, room);
  const int lamp = object(Kind::lamp, room);
  add({.event = Event::entered, .object = chair, .status = TALLY_CONCURRENT_USE, .from = 5, .to = 6});
  stay({Stay::Way::call, lamp, 1, 4, 5, 6, 7});
  EXPECT_TRUE(is_explained());
  const int other = object(Kind::room);
  history_.stays[0].object = other;
  EXPECT_FALSE(is_explained());
}

TEST_F(Explained, AnOverlapIsAlwaysFoundOnlyIfThatIsPromised) {
  const int pen = object(Kind::pen);
  stay({Stay::Way::call, pen, 0, 2, 3, 8, 9});
  stay({Stay::Way::call, pen, 1, 4, 5, 6, 7});
  EXPECT_TRUE(is_explained(false));
  EXPECT_FALSE(is_explained(true));
  history_.stays[1].thread = 0;
  EXPECT_TRUE(is_explained(true)) << "a call from inside";
}

TEST_F(Explained, ParentsWithChildrenAreNotDestroyedAtOnce) {
  const int hall = object(Kind::hall);
  const int bench = object(Kind::bench, hall);
  const std::size_t tried = add({.event = Event::tried, .object = hall, .token = 0, .from = 2, .to = 5});
  ends(hall, 3, 5);
  EXPECT_FALSE(is_explained());
  step(tried).status = TALLY_HAS_CHILDREN;
  history_.steps.pop_back();
  EXPECT_TRUE(is_explained());
  add({.event = Event::destroyed, .object = bench, .token = 1, .from = 1, .to = 1});
  ends(bench, 1, 1);
  EXPECT_FALSE(is_explained());
}

TEST_F(Explained, ChildrenEndBeforeTheirParent) {
  const int hall = object(Kind::hall);
  const int seat = object(Kind::seat, hall);
  add({.event = Event::destroyed, .object = hall, .token = 0, .from = 2, .to = 9});
  ends(hall, 5, 6);
  ends(seat, 7, 8);
  EXPECT_FALSE(is_explained());
  step(4).from = 3;
  step(4).to = 4;
  EXPECT_TRUE(is_explained());
}

TEST_F(Explained, WhatEndsWithItsParentDoesNotOutliveIt) {
  const int hall = object(Kind::hall);
  const int seat = object(Kind::seat, hall);
  add({.event = Event::destroyed, .object = hall, .token = 0, .from = 2, .to = 5});
  ends(seat, 3, 5);
  ends(hall, 4, 5);
  const std::size_t call = add({.event = Event::entered, .thread = 1, .object = seat, .from = 6, .to = 7});
  EXPECT_FALSE(is_explained());
  step(call).status = TALLY_GONE_WITH_PARENT;
  EXPECT_TRUE(is_explained());
  const std::size_t late =
      add({.event = Event::destroyed, .thread = 1, .object = seat, .token = 1, .from = 8, .to = 9});
  EXPECT_TRUE(is_explained()) << "to give it back is no misuse";
  step(late).status = TALLY_ALREADY_DESTROYED;
  EXPECT_FALSE(is_explained());
}

TEST_F(Explained, AChildIsNotMadeOfAParentThatHasGone) {
  const int hall = object(Kind::hall);
  object(Kind::bench, hall);
  step(1).from = 6;
  step(1).to = 7;
  add({.event = Event::destroyed, .object = hall, .token = 0, .status = TALLY_DEFERRED, .from = 2, .to = 3});
  stay({Stay::Way::call, hall, 1, 1, 2, 6, 7});
  EXPECT_FALSE(is_explained());
  step(1).status = TALLY_GONE_WITH_PARENT;
  EXPECT_TRUE(is_explained());
  step(0).from = step(0).to = 0;
  step(1).from = step(1).to = 1;
  EXPECT_FALSE(is_explained()) << "it had not gone";
}

TEST_F(Explained, NoViewIsOpenedOfWhatMoves) {
  const int hall = object(Kind::hall);
  object(Kind::view, hall);
  step(1).from = 4;
  step(1).to = 5;
  add({.event = Event::moving, .object = hall, .from = 2, .to = 3});
  add({.event = Event::moving, .object = hall, .from = 2, .to = 3});
  add({.event = Event::moved, .object = hall, .from = 3, .to = 4});
  const std::size_t last = add({.event = Event::moved, .object = hall, .from = 6, .to = 7});
  EXPECT_FALSE(is_explained()) << "one of two has ended";
  step(1).status = TALLY_BORROWED;
  EXPECT_TRUE(is_explained());
  step(1).status = TALLY_OK;
  step(last).from = step(last).to = 4;
  EXPECT_TRUE(is_explained());
}

TEST_F(Explained, WhatACallConsumesNobodyElseCanUse) {
  const int plate = object(Kind::plate);
  add({.event = Event::consuming, .object = plate, .token = 0, .from = 2, .to = 3});
  const std::size_t end = add({.event = Event::resumed, .object = plate, .token = 0, .from = 6, .to = 7});
  const std::size_t call =
      add({.event = Event::entered, .thread = 1, .object = plate, .token = 0, .from = 4, .to = 5});
  EXPECT_FALSE(is_explained());
  step(call).status = TALLY_STALE_HANDLE;
  EXPECT_TRUE(is_explained());
  step(call).from = step(call).to = 8;
  EXPECT_FALSE(is_explained()) << "it failed, and nothing has changed";
  step(end).event = Event::consumed;
  EXPECT_TRUE(is_explained());
}

TEST_F(Explained, ANoteMayBeTakenForOneOfAnotherInItsPlace) {
  const int before = object(Kind::plate);
  const int after = object(Kind::plate);
  add({.event = Event::tried, .object = after, .token = 1, .status = TALLY_BORROWED, .from = 5, .to = 6});
  stay({Stay::Way::call, before, 1, 4, 0, 0, 7});
  EXPECT_FALSE(is_explained());
  for (World::Object& each : history_.world.objects) each.place = 3;
  EXPECT_TRUE(is_explained());
}

// A reference's word has the number of another object's place, and is looked for there first.
TEST_F(Explained, ANoteMayBeMadeInThePlaceThatAWordSeemsToBeOf) {
  const int other = object(Kind::badge);
  const int destroyed = object(Kind::badge);
  history_.world.objects[static_cast<std::size_t>(destroyed)].place = 3;
  add({.event = Event::tried, .object = destroyed, .token = 1, .status = TALLY_BORROWED, .from = 5, .to = 6});
  stay({Stay::Way::call, other, 1, 4, 0, 0, 7});
  EXPECT_FALSE(is_explained());
  history_.stays[0].place = 3;
  EXPECT_TRUE(is_explained());
}

}  // namespace
}  // namespace histories_test
