// With TALLY_EXPECTED calls return what they would have thrown. This file is part of a program whose other
// files let them throw.
#define TALLY_EXPECTED
#include <memory>
#include <stdexcept>
#include <utility>

#include "tally/smart_pointers.hpp"
#include "test.hpp"

namespace {

using ownership::Database;
using ownership::Image;
using ownership::Module;
using ownership::SampleArray;
using ownership::SampleRef;

class ExpectedMode : public Fake {
 protected:
  Image image() const { return Image::create(module, 2, 2).value(); }

  const Module module = *Module::linked();
  const Database database = *Database::create(module, "a file");
};

TEST_F(ExpectedMode, ASuccessHasItsValue) {
  const tally::Expected<std::uint32_t> sum = ownership::checksum(module, std::string("a"), 1);
  ASSERT_TRUE(sum);
  EXPECT_EQ(*sum, std::uint32_t{'a' + 1});
  EXPECT_EQ(sum.value_or(0), std::uint32_t{'a' + 1});
}

TEST_F(ExpectedMode, AFailureHasItsErrorAndThrowsNothing) {
  fake::state.next = OWNERSHIP_ERROR_NO_SUCH_ROW;
  fake::state.text = "row 5";
  const tally::Expected<Database> failed = Database::create(module, "");
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().status(), OWNERSHIP_ERROR_NO_SUCH_ROW);
  EXPECT_TRUE(failed.error().is<ownership::NoSuchRow>());
  EXPECT_STREQ(failed.error().what(), "row 5");
}

TEST_F(ExpectedMode, ATokenThatIsRefusedIsNotAdopted) {
  tally::UniqueToken<Image> token = tally::to_unique(image());
  fake::state.next = TALLY_STALE_HANDLE;
  const tally::Expected<Image> failed = Image::adopt(module, std::move(token));
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().status(), TALLY_STALE_HANDLE);
  EXPECT_TRUE(token);
  EXPECT_TRUE(Image::adopt(module, std::move(token)).has_value());
  EXPECT_FALSE(token);
}

TEST_F(ExpectedMode, AResultWithoutAValueSaysWhetherItWorked) {
  EXPECT_TRUE(database.on_change([](std::uint64_t, std::string_view) { return true; }));
  fake::state.progress.release(fake::state.progress.user);
  fake::state.next = TALLY_LIMIT_REACHED;
  const tally::Expected<void> failed =
      database.on_change([](std::uint64_t, std::string_view) { return true; });
  EXPECT_FALSE(failed);
  EXPECT_EQ(failed.error().status(), TALLY_LIMIT_REACHED);
}

TEST_F(ExpectedMode, WhatIsNotThereEndsTheProgramWithTheText) {
  fake::state.next = TALLY_STALE_HANDLE;
  fake::state.text = "it has gone";
  const tally::Expected<Database> failed = Database::create(module, "");
  EXPECT_DEATH(static_cast<void>(failed.value()), "value\\(\\) of a failed result: it has gone");
  EXPECT_DEATH(static_cast<void>(failed->handle()), "it has gone");
  const tally::Expected<std::uint32_t> sum = ownership::checksum(module, std::string("a"));
  EXPECT_DEATH(static_cast<void>(sum.error()), "error\\(\\) of a result that has a value");
}

TEST_F(ExpectedMode, AnOwnerThatWasMovedFromSaysSo) {
  Image first = image();
  const Image second = std::move(first);
  const tally::Expected<void> failed = first.paint(1);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().status(), TALLY_NULL_ARGUMENT);
}

TEST_F(ExpectedMode, RetainTakesThePlaceOfACopy) {
  static_assert(!std::is_copy_constructible_v<Image> && !std::is_copy_assignable_v<Image>);
  const Image first = image();
  fake::state.next = TALLY_LIMIT_REACHED;
  EXPECT_FALSE(first.retain());
  const tally::Expected<Image> second = first.retain();
  ASSERT_TRUE(second);
  EXPECT_TRUE(*second);
}

TEST_F(ExpectedMode, ArraysEndTheProgramWhereNothingButAValueCanBeReturned) {
  const tally::Expected<SampleArray> array = SampleArray::create(module, 3, 1);
  ASSERT_TRUE(array);
  EXPECT_FALSE(array->at(3));
  int count = 0;
  for (const SampleRef sample : *array) count += sample.next() ? 1 : 0;
  EXPECT_EQ(count, 3);
  EXPECT_DEATH(static_cast<void>((*array)[3]), "beyond the end");
}

TEST_F(ExpectedMode, ACallbackReturnsItsError) {
  ASSERT_TRUE(database.on_change([](std::uint64_t, std::string_view) -> tally::Expected<bool> {
    return tally::Error(TALLY_INVALID_ARGUMENT, "not that label");
  }));
  tally_bool out = 2;
  const ownership_progress& given = fake::state.progress;
  EXPECT_EQ(given.call(given.user, 1, "", 0, &out), TALLY_INVALID_ARGUMENT);
  EXPECT_STREQ(tally_last_error()->text, "not that label");
  EXPECT_EQ(out, 2);
  given.release(given.user);
}

TEST_F(ExpectedMode, ACallbackWithoutAResultReturnsItsError) {
  const auto each = [](auto&&...) { return ownership::Verdict::more; };
  const auto last = [](bool fails) {
    return [fails]() -> tally::Expected<void> {
      if (fails) return tally::Error(TALLY_SYSTEM_ERROR, "no end");
      return {};
    };
  };
  const tally::Expected<std::uint64_t> failed = database.run(each, last(true));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().status(), TALLY_SYSTEM_ERROR);
  EXPECT_STREQ(failed.error().what(), "no end");
  EXPECT_TRUE(database.run(each, last(false)));
}

TEST_F(ExpectedMode, ACallbackThatThrowsIsAnExceptionAllTheSame) {
  ASSERT_TRUE(database.on_change(
      [](std::uint64_t, std::string_view) -> bool { throw std::runtime_error("thrown after all"); }));
  tally_bool out = 2;
  const ownership_progress& given = fake::state.progress;
  EXPECT_EQ(given.call(given.user, 1, "", 0, &out), TALLY_EXCEPTION);
  EXPECT_STREQ(tally_last_error()->text, "thrown after all");
  given.release(given.user);
}

TEST_F(ExpectedMode, SharedOwnersAreTakenBackOrSayWhyNot) {
  std::shared_ptr<const Database> first = tally::to_shared(*Database::create(module, ""));
  const std::shared_ptr<const Database> second = first;
  EXPECT_EQ(tally::from_shared(std::move(first)).error().status(), TALLY_BORROWED);
}

}  // namespace
