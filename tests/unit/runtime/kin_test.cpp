// What ends with whom: parts of a holder, and parts of those, in an interface of their own whose objects say
// when they end.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "tally/runtime/array.hpp"
#include "tally/runtime/pin.hpp"
#include "tally/runtime/view_table.hpp"

namespace tally::runtime::test {
namespace {

constexpr tally_table_header no_api{sizeof(tally_table_header), 1, 0};
constexpr tally_interface description{sizeof(tally_interface), 0, "kin", &no_api, nullptr, nullptr, 0, 0};

std::vector<std::string> ended;

struct Thing {
  explicit Thing(std::string its_name) : name(std::move(its_name)) {}
  Thing(const Thing&) = delete;
  ~Thing() {
    ended.push_back(name);
    if (at_its_end) at_its_end();
  }
  std::string name;
  std::function<void()> at_its_end;
};

extern TableBase* const all[6];
constinit Interface kin_interface("kin_module", description, all, 6, 4);
constinit Table<Thing> holders(kin_interface, "kin.holder", 0, {.has_kin = true});
constinit Table<Thing> parts(kin_interface, "kin.part", 1, {.has_kin = true, .ends_with_parent = true});
constinit Table<Thing> pieces(kin_interface, "kin.piece", 2, {.has_kin = true, .ends_with_parent = true});
constinit Table<Thing> shares(kin_interface, "kin.share", 3,
                              {.is_counted = true, .has_kin = true, .ends_with_parent = true});
constinit BlobTable kin_blobs(kin_interface, 4);
constinit ViewTable kin_views(kin_interface, 5);
TableBase* const all[6] = {&holders, &parts, &pieces, &shares, &kin_blobs, &kin_views};

constexpr Function kin_function{kin_interface, "kin_function"};

Call kin_call() {
  return {kin_function, TALLY_CALLER};
}

Opaque* make(Table<Thing>& table, const char* name, Place parent = kNowhere) {
  Opaque* token = nullptr;
  table.create(
      kin_call(), &token, [&] { return Thing(name); }, parent);
  return token;
}

Opaque* handle(Table<Thing>& table, Opaque* token) {
  return as_pointer<Opaque>(table.ref(kin_call(), token));
}

tally_status end(Table<Thing>& table, Opaque* token) {
  return table.destroy(kin_call(), "self", token);
}

using Names = std::vector<std::string>;

class Kin : public testing::Test {
 protected:
  void SetUp() override { ended.clear(); }
  void TearDown() override {
    for (const TableBase* const each : all) {
      const tally_balance balance = balance_of(*each);
      EXPECT_EQ(balance.issued, balance.retired) << each->class_name();
      EXPECT_EQ(balance.deferred, 0u) << each->class_name();
    }
  }
};

TEST_F(Kin, PartsEndTheYoungestFirstAndBeforeTheirHolder) {
  Opaque* const holder = make(holders, "holder");
  const Place place = holders.place_of(holder);
  make(parts, "first", place);
  make(parts, "second", place);
  EXPECT_EQ(end(holders, holder), TALLY_OK);
  EXPECT_EQ(ended, (Names{"second", "first", "holder"}));
}

TEST_F(Kin, PartsOfPartsEndOnceAndBeforeThem) {
  Opaque* const holder = make(holders, "holder");
  const Place place = holders.place_of(holder);
  Opaque* const first = make(parts, "first", place);
  Opaque* const second = make(parts, "second", place);
  make(pieces, "of first", parts.place_of(first));
  make(pieces, "of second", parts.place_of(second));
  make(pieces, "another of second", parts.place_of(second));
  EXPECT_EQ(end(holders, holder), TALLY_OK);
  EXPECT_EQ(ended, (Names{"another of second", "of second", "second", "of first", "first", "holder"}));
}

TEST_F(Kin, NoneOfThemCanCallAnother) {
  Opaque* const holder = make(holders, "holder");
  const Place place = holders.place_of(holder);
  Opaque* const first = make(parts, "first", place);
  Opaque* const second = make(parts, "second", place);
  Opaque* const piece = make(pieces, "piece", parts.place_of(second));
  int found = 0;
  const auto look = [&, of_first = handle(parts, first), of_second = handle(parts, second)] {
    found += parts.find(of_first) || parts.find(of_second);
  };
  parts.find(second)->at_its_end = look;
  pieces.find(piece)->at_its_end = look;
  EXPECT_EQ(end(holders, holder), TALLY_OK);
  EXPECT_EQ(found, 0);
}

TEST_F(Kin, OneThatEndsEarlyLeavesItsSiblingsOnBothSides) {
  Opaque* const holder = make(holders, "holder");
  const Place place = holders.place_of(holder);
  make(parts, "first", place);
  Opaque* const second = make(parts, "second", place);
  make(parts, "third", place);
  EXPECT_EQ(end(parts, second), TALLY_OK);
  EXPECT_EQ(end(holders, holder), TALLY_OK);
  EXPECT_EQ(ended, (Names{"second", "third", "first", "holder"}));
}

TEST_F(Kin, OneThatIsHeldUpHoldsUpItsHolderAndNoOther) {
  Opaque* const holder = make(holders, "holder");
  const Place place = holders.place_of(holder);
  make(parts, "first", place);
  auto call_inside = std::make_unique<Pin<Thing>>(parts, kin_call(), "self", make(parts, "second", place));
  EXPECT_EQ(end(holders, holder), TALLY_DEFERRED);
  EXPECT_EQ(ended, Names{"first"});
  call_inside.reset();
  EXPECT_EQ(ended, (Names{"first", "second", "holder"}));
}

TEST_F(Kin, ADestroyedParentGetsNoChildAnyMore) {
  Opaque* const holder = make(holders, "holder");
  const Place place = holders.place_of(holder);
  auto call_inside = std::make_unique<Pin<Thing>>(holders, kin_call(), "self", holder);
  EXPECT_EQ(end(holders, holder), TALLY_DEFERRED);
  EXPECT_EQ(make(parts, "part", place), nullptr);
  EXPECT_EQ(tally_last_error()->status, TALLY_GONE_WITH_PARENT) << tally_last_error()->text;
  call_inside.reset();
  EXPECT_EQ(ended, (Names{"part", "holder"}));
}

TEST_F(Kin, WhatWentLongAgoIsGivenBackWithoutAnAccusation) {
  Opaque* const holder = make(holders, "holder");
  Opaque* const part = make(parts, "part", holders.place_of(holder));
  Opaque* const its_handle = handle(parts, part);
  EXPECT_EQ(end(holders, holder), TALLY_OK);
  for (std::size_t i = 0; i < 2 * Lane{}.history.size(); ++i) end(parts, make(parts, "other"));
  EXPECT_EQ(end(parts, part), TALLY_OK) << "nobody remembers how it ended";
  EXPECT_LT(end(parts, its_handle), 0) << "that was never its owner's";
}

TEST_F(Kin, AllReferencesOfWhatEndsWithItsParentAreGone) {
  Opaque* const holder = make(holders, "holder");
  Opaque* const share = make(shares, "share", holders.place_of(holder));
  auto* const more = as_pointer<Opaque>(shares.retain(kin_call(), share));
  EXPECT_EQ(shares.find(more)->name, "share");
  EXPECT_EQ(end(holders, holder), TALLY_OK);
  EXPECT_EQ(shares.find(more), nullptr);
  EXPECT_EQ(end(shares, more), TALLY_OK);
  EXPECT_EQ(end(shares, share), TALLY_OK);
  EXPECT_EQ(ended, (Names{"share", "holder"}));
}

TEST_F(Kin, ReferencesTakeNoBytesAndViewsShowThoseOfOthers) {
  Opaque* const holder = make(holders, "holder");
  Opaque* const share = make(shares, "share", holders.place_of(holder));
  auto* const more = as_pointer<Opaque>(shares.retain(kin_call(), share));
  EXPECT_EQ(shares.bytes(), sizeof(Thing)) << "one object, two owners";
  EXPECT_EQ(end(shares, share), TALLY_OK);
  EXPECT_EQ(shares.bytes(), sizeof(Thing)) << "it lives on by the other";
  tally_view view{};
  EXPECT_EQ(
      kin_views.open_text(kin_call(), &view, shares.place_of(more), [] { return std::string_view("shown"); }),
      TALLY_OK);
  EXPECT_EQ(kin_views.bytes(), 0u);
  EXPECT_EQ(end(shares, more), TALLY_DEFERRED);
  EXPECT_EQ(shares.bytes(), sizeof(Thing)) << "the view keeps it";
  EXPECT_EQ(kin_views.close(kin_call(), word_of(view.owner)), TALLY_OK);
  EXPECT_EQ(shares.bytes(), 0u);
  EXPECT_EQ(end(holders, holder), TALLY_OK);
}

TEST_F(Kin, AViewOfAPartHoldsUpAllAboveIt) {
  Opaque* const holder = make(holders, "holder");
  Opaque* const part = make(parts, "part", holders.place_of(holder));
  tally_view view{};
  ASSERT_EQ(kin_views.open_text(kin_call(), &view, parts.place_of(part),
                                [&] { return std::string_view(parts.find(part)->name); }),
            TALLY_OK);
  EXPECT_EQ(end(holders, holder), TALLY_DEFERRED);
  EXPECT_EQ(ended, Names{});
  EXPECT_EQ(view.data[0], 'p');
  EXPECT_EQ(kin_views.close(kin_call(), word_of(view.owner)), TALLY_OK);
  EXPECT_EQ(ended, (Names{"part", "holder"}));
}

TEST_F(Kin, AnArrayEndsItsLastElementFirst) {
  const char* const names[] = {"first", "second", "third"};
  std::size_t made = 0;
  {
    const Array<Thing> array(parts, kin_call(), 3, [&] { return Thing(names[made++]); });
  }
  EXPECT_EQ(ended, (Names{"third", "second", "first"}));
}

}  // namespace
}  // namespace tally::runtime::test
