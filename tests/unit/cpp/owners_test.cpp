// Owners: who gives what back, when, and how an empty one says that it is.
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "tally/smart_pointers.hpp"
#include "test.hpp"

namespace {

using ownership::Album;
using ownership::Database;
using ownership::DatabaseRef;
using ownership::Image;
using ownership::ImageRef;
using ownership::Module;
using ownership::SampleArray;
using ownership::SampleRef;
using ownership::Statement;

class Owners : public Fake {
 protected:
  Database database() const { return Database::create(module, "a file"); }
  Image image() const { return Image::create(module, 2, 2); }

  const Module module = Module::linked();
};

constexpr const char* kIsEmpty = "'self' is empty: an owner that was moved from";

TEST_F(Owners, OneThatWasMovedFromIsEmptyAndSaysSo) {
  Database first = database();
  const Database second = std::move(first);
  EXPECT_FALSE(first);
  EXPECT_EQ(first.token(), nullptr);
  EXPECT_EQ(status_of([&] { return first.count(); }), TALLY_NULL_ARGUMENT);
  const std::string text = text_of([&] { return first.count(); });
  EXPECT_EQ(text.rfind("ownership_database_count: null argument: ", 0), 0u) << text;
  EXPECT_NE(text.find(kIsEmpty), std::string::npos) << text;
}

TEST_F(Owners, OneThatHasGivenItsObjectAwayIsEmptyAndSaysSo) {
  Image picture = image();
  const Album album = Album::create(module);
  album.add(std::move(picture));
  EXPECT_NE(text_of([&] { picture.paint(1); }).find(kIsEmpty), std::string::npos);
  EXPECT_NE(text_of([&] { return picture.retain(); }).find("ownership_image_retain"), std::string::npos);
}

TEST_F(Owners, AnEmptyOneDoesNotTouchTheTableOfItsModule) {
  Database first = database();
  { const Database second = std::move(first); }
  EXPECT_NE(first.api(), module.api());
  EXPECT_EQ(first.destroy(), TALLY_OK);
  EXPECT_TRUE(first.try_destroy());
  EXPECT_EQ(fake::state.given_back, 1);
}

TEST_F(Owners, ReferencesToAnEmptyOneSaySoToo) {
  Database first = database();
  const Database second = std::move(first);
  const DatabaseRef reference = first;
  EXPECT_NE(text_of([&] { return reference.count(); }).find(kIsEmpty), std::string::npos);
}

TEST_F(Owners, AModuleThatWasMovedFromCreatesNothingAndSaysSo) {
  Module first = Module::linked();
  const Module second = std::move(first);
  const std::string text = text_of([&] { return Database::create(first, "a file"); });
  EXPECT_EQ(text.rfind("ownership_database_create: null argument: ", 0), 0u) << text;
  EXPECT_EQ(status_of([&] { return ownership::checksum(first, std::string("x")); }), TALLY_NULL_ARGUMENT);
}

TEST_F(Owners, AGivenObjectStaysOursIfTheCallFails) {
  Image picture = image();
  const Album album = Album::create(module);
  fake::state.next = TALLY_INVALID_ARGUMENT;
  EXPECT_EQ(status_of([&] { album.add(std::move(picture)); }), TALLY_INVALID_ARGUMENT);
  EXPECT_TRUE(picture);
  EXPECT_EQ(picture.api(), module.api());
}

TEST_F(Owners, AMethodThatConsumesEmptiesItsOwnerOnSuccessOnly) {
  Statement statement = Statement::adopt(module, fake::token<ownership_statement>());
  fake::state.next = TALLY_BORROWED;
  EXPECT_EQ(status_of([&] { return std::move(statement).finish(); }), TALLY_BORROWED);
  EXPECT_TRUE(statement);
  EXPECT_EQ(std::move(statement).finish(), 7u);
  EXPECT_FALSE(statement);
}

TEST_F(Owners, TryDestroySaysWhatARefusalWas) {
  Database owner = database();
  for (const tally_status status : {TALLY_BORROWED, TALLY_HAS_CHILDREN, TALLY_WRONG_THREAD}) {
    fake::state.next = status;
    EXPECT_FALSE(owner.try_destroy());
    EXPECT_EQ(tally_last_error()->status, status);
    EXPECT_TRUE(owner);
  }
  fake::state.next = TALLY_NEVER_ISSUED;
  EXPECT_EQ(status_of([&] { return owner.try_destroy(); }), TALLY_NEVER_ISSUED);
  EXPECT_TRUE(owner);
  EXPECT_TRUE(owner.try_destroy());
  EXPECT_FALSE(owner);
}

TEST_F(Owners, TryDestroyOfADestructorThatThrowsEmptiesTheOwner) {
  Database owner = database();
  fake::state.next = TALLY_EXCEPTION;
  EXPECT_EQ(status_of([&] { return owner.try_destroy(); }), TALLY_EXCEPTION);
  EXPECT_FALSE(owner);
  EXPECT_EQ(owner.handle(), nullptr);
}

TEST_F(Owners, DestroyingOneThatIsRefusedLeavesItsToken) {
  Database owner = database();
  fake::state.next = TALLY_NOT_OWNER;
  EXPECT_EQ(status_of([&] { return owner.destroy(); }), TALLY_NOT_OWNER);
  EXPECT_TRUE(owner);
  fake::state.next = TALLY_DEFERRED;
  EXPECT_EQ(owner.destroy(), TALLY_DEFERRED);
  EXPECT_FALSE(owner);
}

TEST_F(Owners, DestructorsDoNotThrow) {
  Database owner = database();
  fake::state.next = TALLY_EXCEPTION;
  EXPECT_NO_THROW({ const Database ends = std::move(owner); });
}

TEST_F(Owners, InterfaceErrorsAreThrownAsTheirClasses) {
  fake::state.next = OWNERSHIP_ERROR_NO_SUCH_ROW;
  fake::state.text = "row 12";
  try {
    static_cast<void>(database());
    FAIL() << "nothing was thrown";
  } catch (const ownership::NoSuchRow& error) {
    EXPECT_STREQ(error.what(), "row 12");
    EXPECT_TRUE(error.is<ownership::NoSuchRow>());
  }
}

// ---- Counted ----

TEST_F(Owners, ACopyOfACountedOneHasATokenOfItsOwn) {
  const Image first = image();
  const Image second = first;
  EXPECT_NE(first.token(), second.token());
  EXPECT_EQ(fake::state.made, 2);
}

TEST_F(Owners, RetainMakesAnOwnerOfAReference) {
  const Image first = image();
  const ImageRef reference = first;
  Image second = reference.retain();
  EXPECT_EQ(fake::state.made, 2);
  EXPECT_EQ(second.release(), TALLY_OK);
  EXPECT_FALSE(second);
  EXPECT_EQ(fake::state.given_back, 1);
}

TEST_F(Owners, ACopyThatFailsThrowsAndOwnsNothing) {
  const Image first = image();
  Image second = image();
  fake::state.next = TALLY_LIMIT_REACHED;
  EXPECT_EQ(status_of([&] { second = first; }), TALLY_LIMIT_REACHED);
  EXPECT_TRUE(second);
  EXPECT_EQ(fake::state.made, 2);
}

TEST_F(Owners, AssigningACountedOneReleasesWhatItHad) {
  const Image first = image();
  Image second = image();
  second = first;
  EXPECT_EQ(fake::state.made, 3);
  EXPECT_EQ(fake::state.given_back, 1);
  const Image& itself = second;
  second = itself;
  EXPECT_EQ(fake::state.made, 3);
}

TEST_F(Owners, ACopyOfAnEmptyCountedOneIsEmpty) {
  Image first = image();
  const Image second = std::move(first);
  const Image third = first;
  EXPECT_FALSE(third);
}

// ---- Arrays ----

TEST_F(Owners, AnArrayHasItsElementsInOrder) {
  const SampleArray array = SampleArray::create(module, 3, 1);
  EXPECT_EQ(array.size(), 3u);
  std::vector<std::uint32_t> seen;
  for (const SampleRef sample : array) seen.push_back(sample.next());
  EXPECT_EQ(seen, (std::vector<std::uint32_t>{0x9001, 0x9003, 0x9005}));
  EXPECT_EQ(array[2], array.at(2));
  EXPECT_NE(array[0], array[1]);
}

TEST_F(Owners, AnArrayHasNothingBeyondItsEnd) {
  const SampleArray array = SampleArray::create(module, 3, 1);
  EXPECT_EQ(status_of([&] { return array.at(3); }), TALLY_INVALID_ARGUMENT);
  EXPECT_EQ(status_of([&] { return array[3]; }), TALLY_INVALID_ARGUMENT);
}

TEST_F(Owners, AnArrayThatWasMovedFromSaysSo) {
  SampleArray first = SampleArray::create(module, 3, 1);
  const SampleArray second = std::move(first);
  EXPECT_NE(text_of([&] { return first.size(); }).find("ownership_sample_array_size"), std::string::npos);
}

// ---- Standard pointers ----

TEST_F(Owners, ATokenGoesToAUniquePtrAndBack) {
  tally::UniqueToken<Database> token = tally::to_unique(database());
  EXPECT_NE(token.get(), nullptr);
  const Database again = Database::adopt(module, std::move(token));
  EXPECT_EQ(token, nullptr);
  EXPECT_TRUE(again);
  EXPECT_EQ(fake::state.given_back, 0);
}

TEST_F(Owners, AUniquePtrGivesItsTokenBack) {
  { const tally::UniqueToken<Image> token = tally::to_unique(image()); }
  EXPECT_EQ(fake::state.given_back, 1);
}

TEST_F(Owners, ATokenWithTheCFunctionAsItsDeleterIsAdopted) {
  std::unique_ptr<ownership_database, tally_status (*)(ownership_database*)> token(
      module.api()->database_create("", 0, nullptr), module.api()->database_destroy);
  const Database owner = Database::adopt(module, std::move(token));
  EXPECT_TRUE(owner);
}

TEST_F(Owners, ATokenThatIsRefusedStaysWithItsUniquePtr) {
  tally::UniqueToken<Database> token = tally::to_unique(database());
  fake::state.next = TALLY_WRONG_MODULE;
  EXPECT_EQ(status_of([&] { return Database::adopt(module, std::move(token)); }), TALLY_WRONG_MODULE);
  EXPECT_TRUE(token);
  EXPECT_EQ(fake::state.given_back, 0);
}

TEST_F(Owners, ASharedOwnerGivesItsObjectBackWithTheLastPointer) {
  std::shared_ptr<const Database> first = tally::to_shared(database());
  const std::shared_ptr<const Database> second = first;
  first.reset();
  EXPECT_EQ(fake::state.given_back, 0);
  EXPECT_EQ(status_of([&] { return second->count(); }), TALLY_NULL_ARGUMENT) << "the fake has no count()";
}

TEST_F(Owners, ASharedOwnerIsTakenBackByTheLastWhoHasIt) {
  std::shared_ptr<const Database> first = tally::to_shared(database());
  std::shared_ptr<const Database> second = first;
  EXPECT_EQ(status_of([&] { return tally::from_shared(std::move(first)); }), TALLY_BORROWED);
  EXPECT_TRUE(first);
  second.reset();
  const Database owner = tally::from_shared(std::move(first));
  EXPECT_TRUE(owner);
  EXPECT_EQ(first, nullptr);
  EXPECT_EQ(status_of([&] { return tally::from_shared(std::move(first)); }), TALLY_NULL_ARGUMENT);
}

}  // namespace
