// Memory that is given, and memory that is looked at.
#include <utility>

#include "test.hpp"

namespace {

using ownership::Database;
using ownership::Module;

class Memory : public Fake {
 protected:
  const Module module = Module::linked();
  const Database database = Database::create(module, "a file");
};

TEST_F(Memory, ABlobIsEmptyOnceItIsGiven) {
  tally::Blob data(fake::blob("data"));
  tally::Blob name(fake::blob("name"));
  database.store(std::move(data), std::move(name));
  EXPECT_TRUE(data.empty());
  EXPECT_TRUE(name.empty());
  EXPECT_EQ(fake::state.blobs_freed, 0);
}

TEST_F(Memory, ABlobStaysOursIfTheCallThatItIsGivenToFails) {
  {
    tally::Blob data(fake::blob("data"));
    tally::Blob name(fake::blob("name"));
    fake::state.next = TALLY_NOT_UTF8;
    EXPECT_EQ(status_of([&] { database.store(std::move(data), std::move(name)); }), TALLY_NOT_UTF8);
    EXPECT_EQ(data.text(), "data");
    EXPECT_EQ(name.text(), "name");
  }
  EXPECT_EQ(fake::state.blobs_freed, 2);
}

TEST_F(Memory, AllocatedMemoryCanBeFilledAndResized) {
  tally::Blob memory = ownership::allocate(module, 16);
  ASSERT_EQ(memory.size(), 16u);
  memory.data()[15] = 1;
  memory.resize(32);
  EXPECT_EQ(memory.size(), 32u);
  fake::state.next = TALLY_OUT_OF_MEMORY;
  EXPECT_EQ(status_of([&] { memory.resize(64); }), TALLY_OUT_OF_MEMORY);
  EXPECT_EQ(memory.size(), 32u);
}

TEST_F(Memory, AViewIsClosedOnce) {
  {
    tally::View view = database.content();
    EXPECT_EQ(view.text(), "seen");
    EXPECT_EQ(view.bytes().size(), 4u);
    const tally::View moved = std::move(view);
    EXPECT_TRUE(view.empty());
    EXPECT_EQ(moved.text(), "seen");
  }
  EXPECT_EQ(fake::state.views_closed, 1);
}

TEST_F(Memory, AViewThatIsClosedIsEmpty) {
  tally::View view = database.content();
  EXPECT_EQ(view.close(), TALLY_OK);
  EXPECT_TRUE(view.empty());
  EXPECT_EQ(view.close(), TALLY_OK);
  EXPECT_EQ(fake::state.views_closed, 1);
}

TEST_F(Memory, AViewThatCanNotBeClosedStaysAsItWas) {
  tally::View view = database.content();
  fake::state.next = TALLY_NEVER_ISSUED;
  EXPECT_EQ(status_of([&] { return view.close(); }), TALLY_NEVER_ISSUED);
  EXPECT_EQ(view.text(), "seen");
}

TEST_F(Memory, AssigningAViewClosesTheOneBefore) {
  tally::View view = database.content();
  view = database.content();
  EXPECT_EQ(fake::state.views_closed, 1);
}

TEST_F(Memory, AViewIsBytesWhereBytesAreWanted) {
  EXPECT_EQ(ownership::checksum(module, database.content(), 0), std::uint32_t{'s' + 'e' + 'e' + 'n'});
}

TEST_F(Memory, AViewThatIsDetachedIsTheCallers) {
  tally::View view = database.content();
  tally_view raw = view.detach();
  EXPECT_TRUE(view.empty());
  EXPECT_EQ(fake::state.views_closed, 0);
  EXPECT_EQ(tally_view_close(&raw), TALLY_OK);
}

}  // namespace
