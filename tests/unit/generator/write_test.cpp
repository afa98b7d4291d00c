// Writing is all or nothing. The faults are real ones (files where folders belong, a file system that
// refuses), since tests may run as root, whom permissions don't stop.
#include <gtest/gtest.h>

#include <chrono>

#include "generator/generate.hpp"
#include "temporary_folder.hpp"

namespace tally::generator {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

class Write : public ::testing::Test {
 protected:
  std::string answer(const std::vector<Artefact>& artefacts) const {
    return answer(artefacts, folder_.path());
  }

  static std::string answer(const std::vector<Artefact>& artefacts, const fs::path& folder) {
    return write(artefacts, folder).value_or("");
  }

  testing::TemporaryFolder folder_;
};

TEST_F(Write, MakesFoldersAndFiles) {
  EXPECT_EQ(answer({{"a.h", "A"}, {"deep/er/b.h", "B"}}, folder_ / "x/y"), "");
  EXPECT_EQ(testing::content_of(folder_ / "x/y/a.h"), "A");
  EXPECT_EQ(testing::content_of(folder_ / "x/y/deep/er/b.h"), "B");
  EXPECT_EQ(folder_.listing(), (Names{"x", "x/y", "x/y/a.h", "x/y/deep", "x/y/deep/er", "x/y/deep/er/b.h"}));
}

TEST_F(Write, TakesFolderNamesInEveryForm) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_.path());
  EXPECT_EQ(answer({{"a.h", "A"}}, "x/"), "");
  EXPECT_EQ(answer({{"a.h", "A"}}, "./y/../z"), "");
  EXPECT_EQ(answer({{"a.h", "A"}}, "."), "");
  fs::current_path(before);
  EXPECT_TRUE(fs::exists(folder_ / "x/a.h"));
  EXPECT_TRUE(fs::exists(folder_ / "z/a.h"));
  EXPECT_TRUE(fs::exists(folder_ / "a.h"));
}

TEST_F(Write, ReplacesOldTextAndLeavesOtherFilesAlone) {
  folder_.put("a.h", "old");
  folder_.put("other", "other");
  EXPECT_EQ(answer({{"a.h", "new"}}), "");
  EXPECT_EQ(testing::content_of(folder_ / "a.h"), "new");
  EXPECT_EQ(folder_.listing(), (Names{"a.h", "other"}));
}

TEST_F(Write, DoesNotTouchFilesThatAreRight) {
  folder_.put("same.h", "same");
  folder_.put("other.h", "abcd");
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(folder_ / "same.h", long_ago);
  fs::last_write_time(folder_ / "other.h", long_ago);
  EXPECT_EQ(answer({{"same.h", "same"}, {"other.h", "dcba"}}), "");
  EXPECT_EQ(fs::last_write_time(folder_ / "same.h"), long_ago);
  EXPECT_GT(fs::last_write_time(folder_ / "other.h"), long_ago);
}

TEST_F(Write, KeepsEveryFileIfOneIsInTheWay) {
  folder_.put("a.h", "old");
  fs::create_directories(folder_ / "z.h");
  EXPECT_EQ(answer({{"a.h", "new"}, {"n/b.h", "new"}, {"z.h", "new"}}),
            "can't write '" + (folder_ / "z.h").string() +
                "': Is a directory; nothing was changed: a folder stands where the file belongs: remove it, "
                "or choose another folder");
  EXPECT_EQ(testing::content_of(folder_ / "a.h"), "old");
  EXPECT_EQ(folder_.listing(), (Names{"a.h", "z.h"}));
}

TEST_F(Write, TakesBackWhatWasRenamedBeforeARenameFails) {
  folder_.put("a.h", "old");
  // "d" is free when its text is staged; only then does "d/c.h" make it a folder, which can't be renamed
  // over.
  EXPECT_EQ(
      answer({{"a.h", "new"}, {"b.h", "new"}, {"d", "new"}, {"d/c.h", "new"}}),
      "can't write '" + (folder_ / "d").string() +
          "': Is a directory; nothing was changed: a folder stands where the file belongs: remove it, or "
          "choose another folder");
  EXPECT_EQ(testing::content_of(folder_ / "a.h"), "old");
  EXPECT_EQ(folder_.listing(), (Names{"a.h"}));
}

TEST_F(Write, RefusesNamesThatAreTooLong) {
  EXPECT_NE(answer({{"a.h", "new"}, {std::string(300, 'z'), "new"}}), "");
  EXPECT_EQ(folder_.listing(), Names{});
}

TEST_F(Write, SaysThatAFileStandsWhereAFolderBelongs) {
  folder_.put("file", "");
  const std::string file = (folder_ / "file").string();
  EXPECT_EQ(answer({{"a.h", "A"}}, folder_ / "file"),
            "can't create the folder '" + file +
                "': File exists; nothing was changed: a file stands where a folder is needed: choose another "
                "folder");
  EXPECT_EQ(answer({{"a.h", "A"}}, folder_ / "file/deeper"),
            "can't create the folder '" + file +
                "': File exists; nothing was changed: a file stands where a folder is needed: choose another "
                "folder");
  EXPECT_EQ(folder_.listing(), (Names{"file"}));
}

TEST_F(Write, SaysThatAFolderCannotBeMade) {
  EXPECT_EQ(answer({{"a.h", "A"}}, "/proc/tallystick"),
            "can't create the folder '/proc/tallystick': No such file or directory; nothing was changed: "
            "choose another folder");
}

TEST_F(Write, RemovesFoldersThatItMadeInVain) {
  folder_.put("file", "");
  EXPECT_NE(answer({{"made/a.h", "A"}, {"file/b.h", "B"}}), "");
  EXPECT_EQ(folder_.listing(), (Names{"file"}));
}

TEST_F(Write, ReportsAFullDisk) {
  // /dev/full refuses every byte; a link to it stands for the temporary file, whose name holds the process's
  // number.
  const std::string temporary = ".a.h." + std::to_string(::getpid()) + ".new";
  fs::create_symlink("/dev/full", folder_ / temporary);
  EXPECT_EQ(answer({{"a.h", "A"}}), "can't write '" + (folder_ / "a.h").string() +
                                        "': No space left on device; nothing was changed: free some space");
  EXPECT_EQ(folder_.listing(), Names{});
}

TEST_F(Write, OfNothingMakesTheFolder) {
  EXPECT_EQ(answer({}, folder_ / "x"), "");
  EXPECT_EQ(folder_.listing(), (Names{"x"}));
}

}  // namespace
}  // namespace tally::generator
