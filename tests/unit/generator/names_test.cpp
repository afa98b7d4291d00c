// Which names are taken, by whom. Messages are tested by mistakes/names.json and taken_names.json.
#include "generator/lower/names.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

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
std::vector<std::string> words_of_python(const char* program) {
  std::FILE* const python = ::popen((std::string("python3 -c '") + program + "'").c_str(), "r");
  if (!python) return {};
  std::string output(65536, '\0');
  output.resize(std::fread(output.data(), 1, output.size(), python));
  ::pclose(python);
  std::istringstream words(output);
  return {std::istream_iterator<std::string>(words), {}};
}

TEST(ReservedWords, IncludeEveryKeywordOfTheInstalledPython) {
  const std::vector<std::string> words = words_of_python("import keyword; print(*keyword.kwlist)");
  EXPECT_GT(words.size(), 30u) << "python3 is there, since the build needs it";
  for (std::string word : words) {
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    EXPECT_TRUE(reserved_as(word)) << word;
  }
}

TEST(ReservedWords, IncludeEveryModuleOfTheInstalledPython) {
  const std::vector<std::string> words = words_of_python("import sys; print(*sys.stdlib_module_names)");
  EXPECT_GT(words.size(), 100u);
  for (const std::string& word : words) {
    const bool can_be_a_name = word.front() != '_' && std::ranges::none_of(word, [](unsigned char c) {
                                 return std::isupper(c) != 0;
                               });
    EXPECT_TRUE(!can_be_a_name || check_name(word, NameKind::interface)) << word;
  }
}

TEST(ReservedWords, IncludeTheHeadersThatAnInterfacesOwnWouldHide) {
  for (const char* const word :
       {"string", "stdint", "limits", "stdlib", "math", "features", "iso646", "tgmath"}) {
    const auto problem = check_name(word, NameKind::interface);
    ASSERT_TRUE(problem) << word;
    EXPECT_FALSE(check_name(std::string(word) + "_api", NameKind::interface)) << word;
  }
  EXPECT_EQ(check_name("math", NameKind::interface)->message,
            "'math' is a header of the system's: <math.h>: add a suffix, as in 'math_api'");
  EXPECT_EQ(check_name("json", NameKind::interface)->message,
            "'json' is a module of Python's own: add a suffix, as in 'json_api'");
}
#endif

}  // namespace
}  // namespace tally::generator
