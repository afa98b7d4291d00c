// Reading JSON: where things stand, and what is said of text that isn't JSON.
#include "generator/load/document.hpp"

#include <gtest/gtest.h>

#include "support/readable.hpp"
#include "temporary_folder.hpp"

namespace tally::generator {
namespace {

Document parsed(const std::string& text) {
  Diagnostics diagnostics("f");
  auto document = Document::parse(text, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  return document.value();
}

Path path_of(std::initializer_list<const char*> keys) {
  Path path;
  for (const char* key : keys) path = path.child(key);
  return path;
}

TEST(Document, KnowsWhereEachKeyAndValueStands) {
  const Document document =
      parsed("// a comment\n{ \"a\" : /* , : { */ 1,\n  \"b\":{\"c\":[true ,null,\"x\"]}}");
  EXPECT_EQ(document.value_position({}), (Position{2, 1}));
  EXPECT_EQ(document.key_position(path_of({"a"})), (Position{2, 3}));
  EXPECT_EQ(document.value_position(path_of({"a"})), (Position{2, 21}));
  EXPECT_EQ(document.key_position(path_of({"b"})), (Position{3, 3}));
  EXPECT_EQ(document.value_position(path_of({"b"})), (Position{3, 7}));
  EXPECT_EQ(document.key_position(path_of({"b", "c"})), (Position{3, 8}));
  EXPECT_EQ(document.value_position(path_of({"b", "c", "0"})), (Position{3, 13}));
  EXPECT_EQ(document.value_position(path_of({"b", "c", "2"})), (Position{3, 24}));
}

TEST(Document, GivesTheNearestAncestorsPlaceForWhatIsNotThere) {
  const Document document = parsed("{\n \"a\": {}}");
  EXPECT_EQ(document.key_position(path_of({"a", "b", "c"})), (Position{2, 2}));
  EXPECT_EQ(document.value_position(path_of({"a", "b", "c"})), (Position{2, 7}));
  EXPECT_EQ(document.value_position(path_of({"x"})), (Position{1, 1}));
}

TEST(Document, CountsColumnsInCodePoints) {
  const Document document = parsed("{ \"größe\": 1, \"€𝄞\": 2, \"z\": 3 }");
  EXPECT_EQ(document.value_position(path_of({"größe"})), (Position{1, 12}));
  EXPECT_EQ(document.key_position(path_of({"z"})), (Position{1, 24}));
}

TEST(Document, IgnoresAByteOrderMarkAndAcceptsEveryLineEnd) {
  const Document document = parsed("\xEF\xBB\xBF{\r\n\t\"a\": 1 // x\r\n}\r\n");
  EXPECT_EQ(document.value_position({}), (Position{1, 1}));
  EXPECT_EQ(document.value_position(path_of({"a"})), (Position{2, 7}));
}

TEST(Document, IsNotConfusedByKeysThatLookLikeStructure) {
  const Document document = parsed(R"({ "a\"},:": 1, "a/b": { "~": 2 }, "\\": 3 })");
  EXPECT_EQ(document.value_position(path_of({"a\"},:"})), (Position{1, 13}));
  EXPECT_EQ(document.value_position(path_of({"a/b", "~"})), (Position{1, 30}));
  EXPECT_EQ(document.value_position(path_of({"\\"})), (Position{1, 41}));
}

TEST(Document, FindsPlacesWithinTextsBehindEscapes) {
  const Document document = parsed(R"({ "a": "x\n\u00e4\ud834\udd1eäz" })");
  const auto column = [&](std::size_t offset) {
    return document.position_within(path_of({"a"}), offset).column;
  };
  EXPECT_EQ(column(0), 9U);   // x
  EXPECT_EQ(column(1), 10U);  // \n
  EXPECT_EQ(column(2), 12U);  // \u00e4, two bytes
  EXPECT_EQ(column(3), 12U);
  EXPECT_EQ(column(4), 18U);   // the surrogate pair, four bytes
  EXPECT_EQ(column(8), 30U);   // ä, two bytes
  EXPECT_EQ(column(10), 31U);  // z
  EXPECT_EQ(column(99), 32U);  // the closing quote
}

TEST(Document, KeepsTheOrderOfKeys) {
  std::string keys;
  const Document document = parsed(R"({"z":1,"a":2,"m":3})");
  for (const auto& item : document.root().items()) keys += item.key();
  EXPECT_EQ(keys, "zam");
}

TEST(Document, KeepsTheFirstOfDuplicateKeysAndReportsAllOthers) {
  Diagnostics diagnostics("f");
  const auto document =
      Document::parse("{\"a\":1,\n\"a\":{\"b\":2,\"b\":3,\"c\":{\"d\":4}},\n\"a\":5}", diagnostics);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().dump(), R"({"a":1})");
  EXPECT_EQ(document->dropped_keys(), (std::set<std::string>{"b", "c", "d"}));
  EXPECT_EQ(document->value_position(path_of({"a"})), (Position{1, 6}));
  EXPECT_EQ(diagnostics.text(),
            "f:2:1: the key 'a' stands here a second time: the first one is on line 1\n"
            "f:2:12: a: the key 'b' stands here a second time: the first one is on line 2\n"
            "f:3:1: the key 'a' stands here a second time: the first one is on line 1\n");
}

TEST(Document, SeesEscapedKeysAsTheSame) {
  Diagnostics diagnostics("f");
  Document::parse(R"({"a": 1, "\u0061": 2})", diagnostics);
  EXPECT_EQ(diagnostics.text(),
            "f:1:10: the key 'a' stands here a second time: the first one is on line 1\n");
}

TEST(Document, AllowsNestingUpTo64AndNoFurther) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  parsed(nested(64));
  Diagnostics diagnostics("f");
  EXPECT_FALSE(Document::parse(nested(65), diagnostics));
  EXPECT_EQ(diagnostics.text(), "f:1:65: objects and arrays are nested more than 64 deep\n");
}

TEST(Document, SurvivesAbsurdNesting) {
  Diagnostics diagnostics("f");
  EXPECT_FALSE(Document::parse(std::string(1000000, '['), diagnostics));
  EXPECT_EQ(diagnostics.text(), "f:1:65: objects and arrays are nested more than 64 deep\n");
}

TEST(Document, SaysWhyAFileCannotBeRead) {
  const testing::TemporaryFolder folder;
  const auto answer = [](const std::string& file) {
    Diagnostics diagnostics("f");
    EXPECT_FALSE(Document::read(file, diagnostics));
    return diagnostics.text();
  };
  EXPECT_EQ(answer((folder / "none.json").string()), "f: there is no such file\n");
  EXPECT_EQ(answer(folder.path().string()), "f: is a folder, not a description\n");
  EXPECT_EQ(answer(folder.put("a", "") + "/b"), "f: can't be read: Not a directory\n");
  EXPECT_EQ(answer("/proc/self/mem"), "f: can't be read: Input/output error\n");
  EXPECT_EQ(answer("/dev/zero"), "f: is larger than 16 MiB: that is no description\n");
}

struct BadText {
  std::string text;
  std::string answer;

  // What the test is listed as.
  friend void PrintTo(const BadText& bad, std::ostream* out) { *out << readable(bad.answer); }
};

class SyntaxErrors : public ::testing::TestWithParam<BadText> {};

TEST_P(SyntaxErrors, AreExplained) {
  Diagnostics diagnostics("f");
  EXPECT_FALSE(Document::parse(GetParam().text, diagnostics));
  EXPECT_EQ(diagnostics.text(), GetParam().answer + "\n");
}

const BadText kStructure[] = {
    {"", "f:1:1: the file is empty: an interface is an object, '{ ... }'"},
    {"\xEF\xBB\xBF", "f:1:1: the file is empty: an interface is an object, '{ ... }'"},
    {" \n// only a comment\n", "f:3:1: the file is empty: an interface is an object, '{ ... }'"},
    {"{", "f:1:2: the file ends before the '{' of line 1 is closed: '}' is missing"},
    {"{\n \"a\": [\n", "f:3:1: the file ends before the '[' of line 2 is closed: ']' is missing"},
    {"{\"a\"", "f:1:5: the file ends before the '{' of line 1 is closed: '}' is missing"},
    {"{\"a\":", "f:1:6: the file ends before the '{' of line 1 is closed: '}' is missing"},
    {"{\"a\":1", "f:1:7: the file ends before the '{' of line 1 is closed: '}' is missing"},
    {"{\"a\":1,", "f:1:8: the file ends before the '{' of line 1 is closed: '}' is missing"},
    {"{\"a\":1,}", "f:1:7: the ',' before '}' is one too many"},
    {"[1, // x\n]", "f:1:3: the ',' before ']' is one too many"},
    {"{\"a\":1,,\"b\":2}", "f:1:8: a key is expected, not another ','"},
    {"[1,,2]", "f:1:4: a value is expected, not ','"},
    {"[,1]", "f:1:2: a value is expected, not ','"},
    {"{,}", "f:1:2: a key is expected, not another ','"},
    {"{\"a\":1\n \"b\":2}", "f:2:2: ',' is missing before the string 'b'"},
    {"{\"a\":{}\n \"b\":2}", "f:2:2: ',' is missing before the string 'b'"},
    {"[1 2]", "f:1:4: ',' is missing before '2'"},
    {"{\"a\":1]", "f:1:7: ',' or '}' is expected, not ']'"},
    {"[1:2]", "f:1:3: ',' or ']' is expected, not ':'"},
    {"{\"a\" 1}", "f:1:6: ':' is missing after the key, before '1'"},
    {"{\"a\", \"b\"}", "f:1:5: ':' is missing after the key, before ','"},
    {"{\"a\"}", "f:1:5: ':' is missing after the key, before '}'"},
    {"{\"a\":}", "f:1:6: a value is expected, not '}'"},
    {"{\"a\":,}", "f:1:6: a value is expected, not ','"},
    {"{a: 1}", "f:1:2: a key in double quotes is expected, not 'a'"},
    {"{'a': 1}", "f:1:2: keys stand in double quotes, not in single ones"},
    {"{1: 1}", "f:1:2: a key in double quotes is expected, not '1'"},
    {"{\"a\":1, b: 2}", "f:1:9: a key in double quotes is expected, not 'b'"},
    {"{\"a\":1, 'b': 2}", "f:1:9: keys stand in double quotes, not in single ones"},
    {"{} {}", "f:1:4: nothing can follow the end of the document, but '{' does"},
    {"{}}", "f:1:3: nothing can follow the end of the document, but '}' does"},
    {"1 2", "f:1:3: nothing can follow the end of the document, but '2' does"},
    {"}", "f:1:1: a value is expected, not '}'"},
};

const BadText kTokens[] = {
    {"[True]", "f:1:2: 'True' is not a JSON value: strings stand in double quotes (did you mean 'true'?)"},
    {"[None]", "f:1:2: 'None' is not a JSON value: strings stand in double quotes (did you mean 'null'?)"},
    {"[flase]", "f:1:2: 'flase' is not a JSON value: strings stand in double quotes (did you mean 'false'?)"},
    {"[truex]", "f:1:2: 'truex' is not a JSON value: strings stand in double quotes (did you mean 'true'?)"},
    {"[tru", "f:1:2: 'tru' is not a JSON value: strings stand in double quotes (did you mean 'true'?)"},
    {"{\"a\": bytes}", "f:1:7: 'bytes' is not a JSON value: strings stand in double quotes"},
    {"{\"a\": 'bytes'}", "f:1:7: strings stand in double quotes, not in single ones"},
    {"[NaN]", "f:1:2: 'NaN' is not a JSON value: strings stand in double quotes"},
    {"[01]", "f:1:2: '01' is not a JSON number"},
    {"[1.]", "f:1:2: '1.' is not a JSON number"},
    {"[.5]", "f:1:2: '.5' is not a JSON number"},
    {"[+1]", "f:1:2: '+1' is not a JSON number"},
    {"[-]", "f:1:2: '-' is not a JSON number"},
    {"[1e]", "f:1:2: '1e' is not a JSON number"},
    {"[0x10]", "f:1:2: '0x10' is not a JSON number"},
    {"[1_000]", "f:1:2: '1_000' is not a JSON number"},
    {"[1e999]", "f:1:2: the number '1e999' is too large"},
    {"{\"a\":-1e999}", "f:1:6: the number '-1e999' is too large"},
    {"# x\n{}", "f:1:1: '#' starts no comment here (did you mean '//'?)"},
    {"{\"a\":1 # x\n}", "f:1:8: '#' starts no comment here (did you mean '//'?)"},
    {"{ /* x", "f:1:3: the comment is not closed: '*/' is missing"},
    {"{} /* x", "f:1:4: the comment is not closed: '*/' is missing"},
    {"[\"abc\n\"]", "f:1:2: the string is not closed on its line: '\"' is missing, or '\\n' for a line end"},
    {"[\"abc", "f:1:2: the string is not closed: '\"' is missing"},
    {"[\"abc\\\"]", "f:1:2: the string is not closed: '\"' is missing"},
    {"{\"abc", "f:1:2: the string is not closed: '\"' is missing"},
    {"[\"a\tb\"]", "f:1:4: a control character stands in a string: write it as '\\u0009'"},
    {"[\"a\\qb\"]", "f:1:4: '\\q' is not an escape of JSON: a backslash itself is written '\\\\'"},
    {"{\"C:\\dir\": 1}", "f:1:5: '\\d' is not an escape of JSON: a backslash itself is written '\\\\'"},
    {"{\"a\":1, \"C:\\dir\": 1}",
     "f:1:12: '\\d' is not an escape of JSON: a backslash itself is written '\\\\'"},
    {"[\"\\u12g4\"]", "f:1:3: '\\u' needs four hexadecimal digits after it"},
    {"[\"\\u12\"]", "f:1:3: '\\u' needs four hexadecimal digits after it"},
    {"[\"\\ud834\"]", "f:1:3: '\\ud834' is half of a surrogate pair: the other half is missing"},
    {"[\"\\ud834\\u0041\"]", "f:1:3: '\\ud834' is half of a surrogate pair: the other half is missing"},
    {"[\"\\udd1e\"]", "f:1:3: '\\udd1e' is half of a surrogate pair: the other half is missing"},
};

const BadText kBytes[] = {
    {"{\n \"gr\xF6\xDF\x65\": 1}", "f:2:5: byte 0xf6 is not UTF-8: save the file as UTF-8"},
    {"{} // gr\xF6\xDF\x65", "f:1:9: byte 0xf6 is not UTF-8: save the file as UTF-8"},
    {"[\"\xC0\xAF\"]", "f:1:3: byte 0xc0 is not UTF-8: save the file as UTF-8"},
    {"[\"\xE0\x80\xAF\"]", "f:1:3: byte 0xe0 is not UTF-8: save the file as UTF-8"},
    {"[\"\xED\xA0\x80\"]", "f:1:3: byte 0xed is not UTF-8: save the file as UTF-8"},
    {"[\"\xF4\x90\x80\x80\"]", "f:1:3: byte 0xf4 is not UTF-8: save the file as UTF-8"},
    {"[\"\xE2\x82", "f:1:3: byte 0xe2 is not UTF-8: save the file as UTF-8"},
    {std::string("\xFF\xFE{\0}\0", 6), "f:1:1: the file is UTF-16: save it as UTF-8"},
    {std::string("{}\0{", 4), "f:1:3: a zero byte stands in the file: it is not text"},
};

INSTANTIATE_TEST_SUITE_P(Structure, SyntaxErrors, ::testing::ValuesIn(kStructure));
INSTANTIATE_TEST_SUITE_P(Tokens, SyntaxErrors, ::testing::ValuesIn(kTokens));
INSTANTIATE_TEST_SUITE_P(Bytes, SyntaxErrors, ::testing::ValuesIn(kBytes));

}  // namespace
}  // namespace tally::generator
