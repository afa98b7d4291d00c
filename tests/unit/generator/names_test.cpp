// Which names are taken, by whom. Messages are tested by mistakes/names.json and taken_names.json.
#include "generator/lower/names.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <sstream>

#include "generator/lower/reserved_words.hpp"

namespace tally::generator {
namespace {

TEST(ReservedWords, NameEveryLanguageThatHasThem) {
  EXPECT_EQ(reserved_as("while"), "a reserved word of C, C++, Python and Rust");
  EXPECT_EQ(reserved_as("typeof"), "a reserved word of C and Rust");
  EXPECT_EQ(reserved_as("co_await"), "a reserved word of C++");
  EXPECT_EQ(reserved_as("nonlocal"), "a reserved word of Python");
  EXPECT_EQ(reserved_as("gen"), "a reserved word of Rust");
  EXPECT_EQ(reserved_as("restrict"), "a reserved word of C");
}

TEST(ReservedWords, IncludeMacrosOfCompilersAndHeaders) {
  EXPECT_EQ(reserved_as("unix"), "a macro that compilers predefine in GNU mode");
  EXPECT_EQ(reserved_as("stdin"), "a macro of <stdio.h>");
  EXPECT_EQ(reserved_as("offsetof"), "a macro of <stddef.h>");
  EXPECT_EQ(reserved_as("uint_least16_t"), "a type of <stdint.h>");
  EXPECT_EQ(reserved_as("size_t"), "a type of <stddef.h>");
}

class FreeWords : public ::testing::TestWithParam<const char*> {};

TEST_P(FreeWords, AreNotReserved) {
  EXPECT_EQ(reserved_as(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Words, FreeWords,
                         ::testing::Values("encoder", "len", "list", "print", "string", "size", "value",
                                           "name", "index", "data", "small", "fast", "module", "handle",
                                           "token", "major", "round"));

TEST(Names, OfTheLongestAllowedLengthAreFine) {
  EXPECT_FALSE(check_name(std::string(64, 'a'), NameKind::method));
  const auto problem = check_name(std::string(65, 'a'), NameKind::method);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message, "the name is 65 characters long: 64 is the most");
}

TEST(Names, OfInterfacesAreFreeInTheGlobalScope) {
  EXPECT_TRUE(check_name("time", NameKind::interface));
  EXPECT_TRUE(check_name("off_t", NameKind::interface));
  EXPECT_FALSE(check_name("time", NameKind::object_class));
  EXPECT_FALSE(check_name("off_t", NameKind::parameter));
}

TEST(Names, DoNotBeginAsTallysticksOwnWhereTheyStandAlone) {
  EXPECT_TRUE(check_name("tally_status", NameKind::method));
  EXPECT_TRUE(check_name("tally_bool", NameKind::parameter));
  EXPECT_FALSE(check_name("tally_status", NameKind::object_class));
  EXPECT_FALSE(check_name("tallying", NameKind::method));
}

TEST(Names, ThatGeneratedCodeNeedsAreTakenOnlyWhereItNeedsThem) {
  EXPECT_TRUE(check_name("tally", NameKind::interface));
  EXPECT_FALSE(check_name("tally", NameKind::object_class));
  EXPECT_TRUE(check_name("owner", NameKind::parameter));
  EXPECT_TRUE(check_name("word", NameKind::callback));
  EXPECT_FALSE(check_name("word", NameKind::error));
  EXPECT_FALSE(check_name("owner", NameKind::method));
  EXPECT_TRUE(check_name("close", NameKind::method));
  EXPECT_TRUE(check_name("close", NameKind::creator));
  EXPECT_FALSE(check_name("close", NameKind::parameter));
  EXPECT_TRUE(check_name("bytes", NameKind::object_class));
  EXPECT_TRUE(check_name("own", NameKind::enumeration));
  EXPECT_FALSE(check_name("bytes", NameKind::method));
}

class SnakeCaseNames : public ::testing::TestWithParam<const char*> {};

TEST_P(SnakeCaseNames, AreAccepted) {
  EXPECT_FALSE(check_name(GetParam(), NameKind::method));
}

INSTANTIATE_TEST_SUITE_P(Names, SnakeCaseNames,
                         ::testing::Values("a", "a1", "a_b", "a_1", "open_file", "x2_y3_4"));

#ifdef __linux__
/// The lists are made by hand; the installed Python knows better.
TEST(ReservedWords, IncludeEveryKeywordOfTheInstalledPython) {
  std::FILE* const python = ::popen("python3 -c 'import keyword; print(*keyword.kwlist)' 2>/dev/null", "r");
  ASSERT_NE(python, nullptr);
  std::string output(4096, '\0');
  output.resize(std::fread(output.data(), 1, output.size(), python));
  ASSERT_EQ(::pclose(python), 0) << "no python3 here, which the build has found";
  std::istringstream words(output);
  for (std::string word; words >> word;) {
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    EXPECT_TRUE(reserved_as(word)) << word;
  }
}
#endif

}  // namespace
}  // namespace tally::generator
