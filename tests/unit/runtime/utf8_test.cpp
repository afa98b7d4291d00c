// Which bytes pass for text.
#include <string>

#include "fixture.hpp"

namespace tally::runtime::test {
namespace {

bool is_text(const std::string& bytes) {
  return is_utf8(bytes.data(), bytes.size());
}

TEST(Utf8, AsciiOfEveryLengthIsText) {
  for (std::size_t size = 0; size < 40; ++size) EXPECT_TRUE(is_text(std::string(size, 'a'))) << size;
  EXPECT_TRUE(is_text(std::string(20, '\0'))) << "a NUL is a character";
}

TEST(Utf8, CharactersOfEveryWidthAreTextAtEveryPlace) {
  for (const char* character : {"\u00e9", "\u20ac", "\U0001f600"}) {
    for (std::size_t before = 0; before < 20; ++before) {
      EXPECT_TRUE(is_text(std::string(before, 'a') + character + std::string(20, 'b')))
          << character << " at " << before;
    }
  }
}

TEST(Utf8, WhatIsNoCharacterIsFoundAtEveryPlace) {
  const std::string bad[] = {"\x80",    "\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                             "\xe2\x82"};
  for (const std::string& bytes : bad) {
    for (std::size_t before = 0; before < 20; ++before) {
      for (const std::size_t after : {0u, 1u, 9u}) {
        EXPECT_FALSE(is_text(std::string(before, 'a') + bytes + std::string(after, 'b')))
            << before << " " << after;
      }
    }
  }
}

}  // namespace
}  // namespace tally::runtime::test
