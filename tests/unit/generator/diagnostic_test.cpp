// How mistakes are collected and printed.
#include "generator/load/diagnostic.hpp"

#include <gtest/gtest.h>

#include "generator/load/path.hpp"

namespace tally::generator {
namespace {

TEST(Format, HasFilePositionPathMessageAndSuggestion) {
  EXPECT_EQ(format("a.json", {{3, 7}, "classes.x", "is wrong", "y"}),
            "a.json:3:7: classes.x: is wrong (did you mean 'y'?)");
}

TEST(Format, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(format("a.json", {{3, 7}, "", "is wrong"}), "a.json:3:7: is wrong");
  EXPECT_EQ(format("a.json", {{}, "", "there is no such file"}), "a.json: there is no such file");
}

TEST(Diagnostics, AreSortedByPositionAndGivenOnce) {
  Diagnostics diagnostics("f");
  EXPECT_TRUE(diagnostics.empty());
  diagnostics.add({{10, 1}, "", "e"});
  diagnostics.add({{2, 5}, "", "c"});
  diagnostics.add({{2, 10}, "", "d"});
  diagnostics.add({{2, 5}, "", "b"});
  diagnostics.add({{2, 5}, "", "c"});
  diagnostics.add({{1, 9}, "", "a"});
  EXPECT_EQ(diagnostics.text(), "f:1:9: a\nf:2:5: c\nf:2:5: b\nf:2:10: d\nf:10:1: e\n");
}

TEST(InQuotes, KeepsMessagesOnOneLineOfPrintableText) {
  EXPECT_EQ(in_quotes("a\nb\x1b[0m\x7f"), "'a\\u000ab\\u001b[0m\\u007f'");
  EXPECT_EQ(in_quotes("größe"), "'größe'");
}

TEST(InQuotes, CutsLongTextBetweenCharacters) {
  const std::string text = std::string(59, 'a') + "ä" + std::string(100, 'b');
  EXPECT_EQ(in_quotes(text), "'" + std::string(59, 'a') + "ä...'");
}

TEST(Path, IsReadableAndUnambiguous) {
  const Path path = Path().child("classes").child("a.b").child("").child("x/y~");
  EXPECT_EQ(path.dotted(), "classes.\"a.b\".\"\".\"x/y~\"");
  EXPECT_EQ(path.pointer(), "/classes/a.b//x~1y~0");
}

}  // namespace
}  // namespace tally::generator
