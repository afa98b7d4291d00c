// Every function that everything.json describes, called from C++ through the wrapper that was generated for
// it, on a module that was loaded from a file. Each test ends with a balanced ledger.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <unordered_set>
#include <utility>

#include "everything.hpp"
#include "support/errors.hpp"
#include "support/ledger.hpp"

namespace {

using everything::Latecomer;
using everything::Mode;
using everything::Numbers;
using everything::Temperature;
using everything::Text;
using everything::TextBox;
using everything::TextBoxRef;
using everything::TextRef;

class Everything : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(held(), 0u); }

  Text text(std::string_view content) const { return Text::create(module, content); }

  const everything::Module module = everything::Module::load(EVERYTHING_MODULE);
};

// What an owner is after a call that took its object, or failed to, is what is tested here.
// NOLINTBEGIN(bugprone-use-after-move)

TEST_F(Everything, ModuleSaysItsNameAndIsComplete) {
  EXPECT_STREQ(module.name(), "everything_module");
  EXPECT_TRUE(TALLY_HAS(everything_api, module.api(), latecomer_grow));
}

TEST_F(Everything, DefaultsArriveAsTheyWereWritten) {
  const double defaults = 1.0 + 0.0 - 128 - 32768 - 2147483648.0 - 9223372036854775808.0 + 255 + 65535 +
                          4294967295.0 + 18446744073709551615.0 + static_cast<double>(0.1f) -
                          std::numeric_limits<double>::max() + 1;
  const double name = std::string_view("a \"quoted\" \xC3\xA9\n?\?/").size();
  EXPECT_EQ(Numbers::create(module, 0).sum(), defaults + name);
}

TEST_F(Everything, ArgumentsArriveAsTheyWereGiven) {
  const Numbers numbers =
      Numbers::create(module, 0.5, false, true, 1, 2, 3, 4, 5, 6, 7, 8, 9.5F, 10.25, Mode::both, "four");
  EXPECT_EQ(numbers.sum(), 0.5 + 1 + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9.5 + 10.25 + 2 + 4);
}

TEST_F(Everything, ScalarsGoThereAndBackAtTheirFullWidth) {
  const Numbers numbers = Numbers::create(module, 0);
  EXPECT_TRUE(numbers.is_opposite(false));
  EXPECT_FALSE(numbers.is_opposite(true));
  EXPECT_EQ(numbers.next_i8(-128), -127);
  EXPECT_EQ(numbers.next_i16(-32768), -32767);
  EXPECT_EQ(numbers.next_i32(INT32_MIN), INT32_MIN + 1);
  EXPECT_EQ(numbers.next_i64(INT64_MIN), INT64_MIN + 1);
  EXPECT_EQ(numbers.next_u8(254), 255);
  EXPECT_EQ(numbers.next_u16(65534), 65535);
  EXPECT_EQ(numbers.next_u32(UINT32_MAX - 1), UINT32_MAX);
  EXPECT_EQ(numbers.next_u64(UINT64_MAX - 1), UINT64_MAX);
  EXPECT_EQ(numbers.half_f32(0.2F), 0.1F);
  EXPECT_EQ(numbers.half_f64(std::numeric_limits<double>::max()), std::numeric_limits<double>::max() / 2);
  EXPECT_NO_THROW(numbers.nothing());
}

TEST_F(Everything, EnumsKeepTheirNumbers) {
  const Numbers numbers = Numbers::create(module, 0);
  EXPECT_EQ(numbers.next_mode(Mode::fast), Mode::small);
  EXPECT_EQ(numbers.warmer(), Temperature::thawing);
  EXPECT_EQ(numbers.warmer(Temperature::coldest), Temperature::freezing);
  EXPECT_EQ(numbers.warmer(Temperature::thawing), Temperature::hottest);
  EXPECT_EQ(static_cast<std::int32_t>(everything::Undocumented::only_one), 0);
}

TEST_F(Everything, AnEnumOutsideItsValuesIsRefused) {
  const Numbers numbers = Numbers::create(module, 0);
  EXPECT_EQ(status_of([&] { return numbers.next_mode(static_cast<Mode>(3)); }), TALLY_INVALID_ARGUMENT);
}

TEST_F(Everything, ErrorsArriveAsTheirOwnClassesWithTheirText) {
  const Numbers numbers = Numbers::create(module, 0);
  EXPECT_THROW(numbers.fail(0), everything::NotReady);
  EXPECT_THROW(numbers.fail(1), everything::TooLarge);
  EXPECT_THROW(numbers.fail(2), everything::Unexplained);
  EXPECT_THROW(numbers.fail(4), everything::TooSmall);
  try {
    numbers.fail(3);
    FAIL();
  } catch (const everything::WornOut& error) {
    EXPECT_STREQ(error.name(), "worn_out");
    EXPECT_EQ(error.status(), EVERYTHING_ERROR_WORN_OUT);
    EXPECT_NE(std::string(error.what()).find("used 3 times"), std::string::npos) << error.what();
  }
}

TEST_F(Everything, ErrorNumbersGoByVersionThenByOrder) {
  EXPECT_EQ(EVERYTHING_ERROR_NOT_READY, -1000);
  EXPECT_EQ(EVERYTHING_ERROR_UNEXPLAINED, -1001);
  EXPECT_EQ(EVERYTHING_ERROR_TOO_LARGE, -1002);
  EXPECT_EQ(EVERYTHING_ERROR_TOO_SMALL, -1003);
  EXPECT_EQ(EVERYTHING_ERROR_WORN_OUT, -1004);
}

TEST_F(Everything, TextAndBytesGoInAndOut) {
  const Text made = text("a\0b");
  EXPECT_EQ(Text::create(module).read().size(), 0u);
  const std::string raw("a\0b", 3);
  const Text from = Text::from_bytes(module, raw);
  EXPECT_EQ(from.read().text(), raw);
  EXPECT_EQ(from.read_bytes().size(), 3u);
  from.append("\xC3\xA9");
  from.append_bytes(std::string("!"));
  EXPECT_EQ(from.read().text(), raw + "\xC3\xA9!");
}

TEST_F(Everything, TextThatIsNotUtf8IsRefusedOnTheWayInAndOut) {
  EXPECT_EQ(status_of([&] { return text("\xFF"); }), TALLY_NOT_UTF8);
  const Text broken = Text::from_bytes(module, std::string("\xFF"));
  EXPECT_EQ(status_of([&] { return broken.read(); }), TALLY_NOT_UTF8);
  EXPECT_EQ(broken.read_bytes().size(), 1u);
}

TEST_F(Everything, LentObjectsStayTheirOwners) {
  const Text model = text("model");
  const Text copy = Text::like(module, model);
  EXPECT_TRUE(copy.equals(model));
  EXPECT_TRUE(model.equals(model));
  EXPECT_FALSE(copy == model);
}

TEST_F(Everything, GivenObjectsAreTaken) {
  const Text list = text("one");
  Text two = text("two");
  Text three = text("three");
  list.absorb(std::move(two));
  list.absorb(std::move(three), " and ");
  EXPECT_FALSE(two);
  EXPECT_FALSE(three);
  EXPECT_EQ(list.read().text(), "one, two and three");
}

TEST_F(Everything, TwoGivenObjectsAreTakenTogetherOrNotAtAll) {
  Text first = text("1");
  Text second = text("2");
  EXPECT_EQ(Text::joined(module, std::move(first), std::move(second)).read().text(), "12");
  EXPECT_FALSE(first || second);

  Text again = text("again");
  EXPECT_EQ(status_of([&] { return Text::joined(module, std::move(again), std::move(again)); }),
            TALLY_NOT_OWNER);
  EXPECT_EQ(again.read().text(), "again");
}

TEST_F(Everything, AnObjectIsNotGivenAwayByTheCallThatBorrowsIt) {
  Text one = text("one");
  EXPECT_EQ(status_of([&] { return one.absorb(std::move(one)); }), TALLY_BORROWED);
  EXPECT_EQ(one.read().text(), "one");
}

TEST_F(Everything, AnObjectIsNotConsumedByTheCallThatBorrowsIt) {
  TextBox box = text("one").pack();
  const TextBoxRef itself = box;
  EXPECT_EQ(status_of([&] { return std::move(box).move_to(itself); }), TALLY_BORROWED);
  EXPECT_TRUE(box);
}

TEST_F(Everything, ResultsThatAreObjectsAreTheCallers) {
  const Text head = text("headtail");
  const Text tail = head.split(4);
  EXPECT_EQ(head.read().text(), "head");
  EXPECT_EQ(tail.read().text(), "tail");
  EXPECT_EQ(status_of([&] { return head.split(5); }), TALLY_INVALID_ARGUMENT);
}

TEST_F(Everything, ConsumingMethodsEndTheirObject) {
  Text one = text("one");
  const TextRef handle = one;
  EXPECT_EQ(std::move(one).unwrap().text(), "one");
  EXPECT_FALSE(one);
  EXPECT_EQ(status_of([&] { return handle.read(); }), TALLY_STALE_HANDLE);
  EXPECT_EQ(text("two").unwrap_bytes().size(), 3u);
  text("three").end();
}

TEST_F(Everything, AConsumingMethodThatFailsLeavesItsObject) {
  Text broken = Text::from_bytes(module, std::string("\xFF"));
  EXPECT_EQ(status_of([&] { return std::move(broken).unwrap(); }), TALLY_NOT_UTF8);
  EXPECT_TRUE(broken);
}

TEST_F(Everything, AConsumingMethodTakesOthersWithIt) {
  const TextBox witness = text("123").pack();
  Text one = text("1");
  Text two = text("12");
  EXPECT_EQ(std::move(one).end_with(std::move(two), witness), 6u);
  EXPECT_FALSE(one || two);
}

TEST_F(Everything, ObjectsThatNoCreatorMakesHoldOthers) {
  TextBox box = text("first").pack();
  EXPECT_EQ(status_of([&] { return box.take(); }), EVERYTHING_ERROR_NOT_READY);
  EXPECT_EQ(box.put(text("second"), text("third")), 3u);
  EXPECT_EQ(box.take().read().text(), "third");
  const TextBox other = text("other").pack();
  std::move(box).move_to(other);
  EXPECT_FALSE(box);
  EXPECT_EQ(other.take().read().text(), "second");
}

TEST_F(Everything, LatecomersAreThere) {
  const Latecomer early = Latecomer::create(module);
  EXPECT_EQ(early.age(), 0u);
  EXPECT_EQ(early.grow(), 1u);
  const Latecomer late = Latecomer::later_still(module);
  EXPECT_EQ(late.grow(5), 15u);
  EXPECT_EQ(late.age(), 15u);
}

TEST_F(Everything, TokensGoToCAndBack) {
  everything_text* token = text("token").detach();
  EXPECT_EQ(Text::adopt(module, token).read().text(), "token");
}

TEST_F(Everything, ReferencesCompareAndHashByHandle) {
  Text one = text("same");
  const Text two = text("same");
  const TextRef before = one;
  const Text after = std::move(one);
  EXPECT_TRUE(before == after);
  EXPECT_TRUE(before != two);
  const std::unordered_set<TextRef> both = {before, after, two};
  EXPECT_EQ(both.size(), 2u);
  const everything_api& api = *module.api();
  EXPECT_TRUE(api.text_same(after.token(), before.handle()));
  EXPECT_FALSE(api.text_same(after.token(), two.handle()));
  EXPECT_EQ(api.text_id(after.token()), api.text_id(before.handle()));
}

TEST_F(Everything, TheLedgerHasSeenEveryObject) {
  const std::uint64_t before = totals().issued;
  const TextBox box = text("one").pack();  // a text and a box
  EXPECT_EQ(totals().issued, before + 2);
}

// NOLINTEND(bugprone-use-after-move)

}  // namespace
