// What authors and callbacks return: as described, or an error of the call.
#include "tally/runtime/results.hpp"

#include <stdexcept>

#include "fixture.hpp"

namespace tally::runtime::test {
namespace {

enum class Mood : std::int32_t { sad = -1, glad = 5 };

constexpr std::int32_t values[] = {-1, 5};
constexpr Choices moods{values, "sad (-1), glad (5)"};

template <class Body>
std::string error_of(tally_status expected, Body body) {
  EXPECT_EQ(guard(call(),
                  [&] {
                    body();
                    return TALLY_OK;
                  }),
            expected);
  return tally_last_error()->text;
}

TEST(Results, ANumberIsItself) {
  EXPECT_EQ(number<std::int64_t>(std::int32_t{-7}), -7);
  EXPECT_EQ(number<double>(0.5f), 0.5);
  static_assert(!CanHold<std::uint8_t, std::int64_t> && !CanHold<std::uint32_t, double> &&
                !CanHold<float, double>);
}

TEST(Results, ATruthValueIsOneOrZero) {
  EXPECT_EQ(flag<tally_bool>(true), 1);
  EXPECT_EQ(flag<tally_bool>(false), 0);
}

TEST(Results, AnEnumHasOneOfItsValues) {
  EXPECT_EQ(choice<Mood>(Mood::glad, moods), 5);
  const std::string text = error_of(TALLY_EXCEPTION, [] { choice<Mood>(static_cast<Mood>(3), moods); });
  EXPECT_NE(text.find("returned 3, which is not one of the values of its enum: sad (-1), glad (5)"),
            std::string::npos)
      << text;
}

TEST(Results, ACallbacksEnumHasOneOfItsValues) {
  EXPECT_EQ(chosen<Mood>("ask", -1, moods), Mood::sad);
  const std::string text = error_of(TALLY_INVALID_ARGUMENT, [] { chosen<Mood>("ask", 0, moods); });
  EXPECT_NE(text.find("the caller's 'ask' returned 0"), std::string::npos) << text;
}

TEST(Arguments, AnEnumThatIsNoneOfItsValuesIsNamed) {
  EXPECT_EQ(check_enum(call(), "mood", 5, moods), TALLY_OK);
  EXPECT_EQ(check_enum(call(), "mood", 6, moods), TALLY_INVALID_ARGUMENT);
  const std::string text = tally_last_error()->text;
  EXPECT_NE(text.find("'mood' is 6, which is not one of the values of its enum: sad (-1), glad (5)"),
            std::string::npos)
      << text;
}

TEST(Results, AnExceptionWithoutATextSaysSo) {
  struct Silent : std::exception {
    const char* what() const noexcept override { return ""; }
  };
  EXPECT_EQ(error_of(TALLY_EXCEPTION, [] { throw Silent(); }),
            "test_function: exception: of the module's, without a text");
  EXPECT_EQ(error_of(TALLY_INVALID_ARGUMENT, [] { throw std::invalid_argument(""); }),
            "test_function: invalid argument: of the module's, without a text");
  const std::string interface = call().function.interface.name();
  EXPECT_EQ(error_of(-1000, [&] { throw InterfaceError(-1000, interface.c_str(), "full", ""); }),
            "test_function: full: of the module's, without a text");
  EXPECT_EQ(error_of(TALLY_EXCEPTION, [] { throw InterfaceError(-1000, "another", "full", ""); }),
            "test_function: exception: of the module's, without a text");
}

TEST(Results, WhatAnExceptionSaysIsOneLine) {
  EXPECT_EQ(error_of(TALLY_EXCEPTION, [] { throw std::out_of_range("a\nb\tc\r\n\x1b[1md\x7f\u00e9"); }),
            "test_function: exception: a b c   [1md \u00e9");
}

}  // namespace
}  // namespace tally::runtime::test
