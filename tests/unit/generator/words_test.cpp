// Cases, lists, wrapped text, and what a misspelt word was meant to be.
#include "generator/text/words.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tally::generator {
namespace {

using Lines = std::vector<std::string>;

TEST(PascalCase, StartsEachWordWithACapital) {
  EXPECT_EQ(pascal_case("corrupt_input"), "CorruptInput");
  EXPECT_EQ(pascal_case("a"), "A");
  EXPECT_EQ(pascal_case("sha_256_sum"), "Sha256Sum");
  EXPECT_EQ(pascal_case("x2_y"), "X2Y");
  EXPECT_EQ(pascal_case(""), "");
}

TEST(UpperCase, KeepsUnderscores) {
  EXPECT_EQ(upper_case("corrupt_input2"), "CORRUPT_INPUT2");
}

TEST(SnakeCase, IsMadeOfOtherCases) {
  EXPECT_EQ(snake_case("CorruptInput"), "corrupt_input");
  EXPECT_EQ(snake_case("HTTPServer2"), "http_server2");
  EXPECT_EQ(snake_case("corrupt-input file"), "corrupt_input_file");
  EXPECT_EQ(snake_case("__a__b__"), "a_b");
  EXPECT_EQ(snake_case("getX"), "get_x");
}

TEST(SnakeCase, IsEmptyIfNoNameCanBeMade) {
  EXPECT_EQ(snake_case("9lives"), "");
  EXPECT_EQ(snake_case("größe"), "");
  EXPECT_EQ(snake_case("--"), "");
}

TEST(Join, PutsTheSeparatorBetweenParts) {
  EXPECT_EQ(join(Lines{}, ", "), "");
  EXPECT_EQ(join(Lines{"a"}, ", "), "a");
  EXPECT_EQ(join(Lines{"a", "a", "b"}, ", "), "a, a, b");
}

TEST(JoinWithOr, ReadsAsASentenceDoes) {
  EXPECT_EQ(join_with_or(Lines{"a"}), "a");
  EXPECT_EQ(join_with_or(Lines{"a", "b"}), "a or b");
  EXPECT_EQ(join_with_or(Lines{"a", "b", "c"}), "a, b or c");
}

TEST(Wrap, FillsLinesUpToTheWidthAndNoFurther) {
  EXPECT_EQ(wrap("aa bb cc", 5), (Lines{"aa bb", "cc"}));
  EXPECT_EQ(wrap("aa bb cc", 4), (Lines{"aa", "bb", "cc"}));
  EXPECT_EQ(wrap("aa bb cc", 8), (Lines{"aa bb cc"}));
}

TEST(Wrap, KeepsALongWordWhole) {
  EXPECT_EQ(wrap("a unbreakable b", 4), (Lines{"a", "unbreakable", "b"}));
}

TEST(Wrap, KeepsParagraphsApartByOneEmptyLine) {
  EXPECT_EQ(wrap("a\nb\n\n \n\nc", 10), (Lines{"a b", "", "c"}));
  EXPECT_EQ(wrap("\n\na\n\n", 10), (Lines{"a"}));
}

TEST(Wrap, CountsCodePoints) {
  EXPECT_EQ(wrap("äöü äöü", 7), (Lines{"äöü äöü"}));
}

TEST(Wrap, OfBlanksIsNothing) {
  EXPECT_EQ(wrap("", 10), Lines{});
  EXPECT_EQ(wrap(" \n\t", 10), Lines{});
}

TEST(EditDistance, CountsASwapOfNeighboursAsOne) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("metods", "methods"), 1U);
  EXPECT_EQ(edit_distance("methods", "metods"), 1U);
  EXPECT_EQ(edit_distance("mehtods", "methods"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Closest, IsTheNearestWithinAThirdOfTheLetters) {
  const Lines candidates = {"methods", "create", "creators", "doc", "x"};
  EXPECT_EQ(closest("metods", candidates), "methods");
  EXPECT_EQ(closest("creator", candidates), "creators");
  EXPECT_EQ(closest("dco", candidates), "doc");
  EXPECT_EQ(closest("documentation", candidates), std::nullopt);
  EXPECT_EQ(closest("abcdefg", candidates), std::nullopt);
}

TEST(Closest, NeverReplacesEveryLetter) {
  EXPECT_EQ(closest("y", Lines{"x"}), std::nullopt);
}

TEST(Closest, PrefersTheSameBeginningAndThenTheFirst) {
  EXPECT_EQ(closest("cp", Lines{"c", "cpp"}), "cpp");
  EXPECT_EQ(closest("abcx", Lines{"abcy", "abcz"}), "abcy");
  EXPECT_EQ(closest("aab", Lines{"bab", "aaa"}), "aaa");
}

}  // namespace
}  // namespace tally::generator
