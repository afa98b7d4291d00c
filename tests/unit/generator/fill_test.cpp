// The block writer: where values go, how they are indented, and that no misspelt name passes.
#include "generator/text/fill.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "support/readable.hpp"

namespace tally::generator {
namespace {

TEST(Fill, ReplacesHolesWithinALineAsOftenAsTheyStand) {
  EXPECT_EQ(fill("${a} ${b}${a}\n", {{"a", "x"}, {"b", "y"}}), "x yx\n");
}

TEST(Fill, DropsOnlyTheNewlineThatOpensTheBlock) {
  EXPECT_EQ(fill(R"(
a

b
)",
                 {}),
            "a\n\nb\n");
  EXPECT_EQ(fill("\n\na", {}), "\na");
}

TEST(Fill, IndentsEveryLineOfAValueToItsHolesColumn) {
  EXPECT_EQ(fill(R"(
struct s {
  ${members}
};
)",
                 {{"members", "int a;\nint b;"}}),
            "struct s {\n  int a;\n  int b;\n};\n");
}

TEST(Fill, KeepsTabsAsIndentation) {
  EXPECT_EQ(fill("\t${a}\n", {{"a", "x\ny"}}), "\tx\n\ty\n");
}

TEST(Fill, DropsBlanksBehindALonelyHole) {
  EXPECT_EQ(fill("  ${a}  \nb", {{"a", "x"}}), "  x\nb");
}

TEST(Fill, DropsTheWholeLineOfALonelyHoleWithoutValue) {
  EXPECT_EQ(fill("a\n  ${none}\nb\n", {{"none", ""}}), "a\nb\n");
  EXPECT_EQ(fill("a\n${none}", {{"none", ""}}), "a\n");
}

TEST(Fill, KeepsTheLineOfAnEmptyValueThatIsNotAlone) {
  EXPECT_EQ(fill("f(${none});\n", {{"none", ""}}), "f();\n");
  EXPECT_EQ(fill("${a}${b}\n", {{"a", ""}, {"b", ""}}), "\n");
}

TEST(Fill, DoesNotDoubleTheNewlineThatEndsAValue) {
  EXPECT_EQ(fill("  ${a}\nb\n", {{"a", "x\n"}}), "  x\nb\n");
  EXPECT_EQ(fill("  ${a}\nb\n", {{"a", "x\n\n"}}), "  x\n\nb\n");
  EXPECT_EQ(fill("  ${a}\nb\n", {{"a", "\n"}}), "\nb\n");
}

TEST(Fill, LeavesEmptyLinesOfAValueWithoutBlanks) {
  EXPECT_EQ(fill("  ${a}\n", {{"a", "x\n\ny"}}), "  x\n\n  y\n");
  EXPECT_EQ(fill("  ${a}\n", {{"a", "\ny"}}), "\n  y\n");
  EXPECT_EQ(fill("  f ${a}\n", {{"a", "x\n\ny\n"}}), "  f x\n\n  y\n\n");
}

TEST(Fill, IndentsFurtherLinesOfAnInlineValueToTheIndentationOfItsLine) {
  EXPECT_EQ(fill("  f(${a});\n", {{"a", "x,\ny"}}), "  f(x,\n  y);\n");
  EXPECT_EQ(fill("  f {${a}}\n", {{"a", "\nx\n"}}), "  f {\n  x\n  }\n");
}

TEST(Fill, WritesALiteralHoleForAnEscapedOne) {
  EXPECT_EQ(fill("$${a} ${a}\n", {{"a", "x"}}), "${a} x\n");
  EXPECT_EQ(fill("  $${a}\n", {}), "  ${a}\n");
  EXPECT_EQ(fill("cost: $5 {a} $ {a}", {}), "cost: $5 {a} $ {a}");
}

TEST(Fill, DoesNotSearchValuesForHoles) {
  EXPECT_EQ(fill("${a}", {{"a", "${b}"}}), "${b}");
}

TEST(Fill, TakesAVectorOfHoles) {
  const std::vector<Hole> holes = {{"a", "x"}};
  EXPECT_EQ(fill("${a}", holes), "x");
}

TEST(Fill, OfNothingIsNothing) {
  EXPECT_EQ(fill("", {}), "");
  EXPECT_EQ(fill("\n", {}), "");
}

struct BadCall {
  std::string_view block;
  std::vector<Hole> holes;
  std::string_view message;

  // What the test is listed as.
  friend void PrintTo(const BadCall& bad, std::ostream* out) { *out << readable(bad.message); }
};

class FillRefuses : public ::testing::TestWithParam<BadCall> {};

TEST_P(FillRefuses, NamingWhatIsWrong) {
  try {
    fill(GetParam().block, GetParam().holes);
    FAIL() << "nothing was thrown";
  } catch (const std::logic_error& error) {
    EXPECT_EQ(error.what(), GetParam().message);
  }
}

INSTANTIATE_TEST_SUITE_P(
    BadCalls, FillRefuses,
    ::testing::Values(
        BadCall{"\nint ${x};",
                {},
                "fill: the hole '${x}' has no value, in the block that starts with 'int ${x};'"},
        BadCall{"  ${x}", {}, "fill: the hole '${x}' has no value, in the block that starts with '  ${x}'"},
        BadCall{"int x;\n",
                {{"x", ""}},
                "fill: the value 'x' has no hole, in the block that starts with 'int x;'"},
        BadCall{"${x}",
                {{"x", "1"}, {"x", "1"}},
                "fill: 'x' is given two values, in the block that starts with '${x}'"},
        BadCall{"a ${x",
                {{"x", "1"}},
                "fill: the hole '${x' has no closing '}', in the block that starts with 'a ${x'"},
        BadCall{"${x\n}",
                {{"x", "1"}},
                "fill: the hole '${x' has no closing '}', in the block that starts with '${x'"},
        BadCall{
            "${}",
            {},
            "fill: '${}' is not a hole: write '$${' for a literal '${', in the block that starts with '${}'"},
        BadCall{"${a b}",
                {},
                "fill: '${a b}' is not a hole: write '$${' for a literal '${', in the block that starts with "
                "'${a b}'"},
        BadCall{"$${x}",
                {{"x", "1"}},
                "fill: the value 'x' has no hole, in the block that starts with '$${x}'"}));

}  // namespace
}  // namespace tally::generator
