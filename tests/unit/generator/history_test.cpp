// What a lock file fixes: functions, their slots and their meanings, and the numbers of errors and enums; and
// that everything else stays free to change.
#include "generator/descriptor/history.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "generator/descriptor/descriptor.hpp"
#include "generator/generate.hpp"
#include "generator/model/meaning.hpp"
#include "temporary_folder.hpp"

namespace tally::generator {
namespace {

constexpr const char* kOne = R"({
  "interface": "codec", "version": "1.0",
  "enums": { "mode": { "values": { "fast": "", "small": "" } } },
  "classes": { "encoder": {
    "create": { "in": { "mode": "mode = fast" } },
    "methods": {
      "write": { "in": { "chunk": "bytes" }, "out": "own bytes" },
      "flush": {} } } } })";

std::string with(std::string text, const std::string& old, const std::string& replacement) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), replacement);
}

class History : public ::testing::Test {
 protected:
  void lock(const std::string& text) {
    const Loaded loaded = load_text("codec.json", text);
    ASSERT_TRUE(loaded) << loaded.diagnostics.text();
    const Artefact artefact = lock_of(*loaded.interface);
    EXPECT_EQ(write({&artefact, 1}, folder_.path()), std::nullopt);
  }

  std::string check(const std::string& text) {
    const Loaded loaded = load_text("codec.json", text);
    return loaded ? check_history(loaded, folder_.path()).text() : loaded.diagnostics.text();
  }

  testing::TemporaryFolder folder_;
};

TEST_F(History, WithoutOneEverythingIsAllowed) {
  EXPECT_EQ(check(kOne), "");
}

TEST_F(History, WhatIsLockedMayStay) {
  lock(kOne);
  EXPECT_EQ(check(kOne), "");
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "codec-1.0.lock.json"));
}

TEST_F(History, DocumentationDefaultsAndParameterNamesMayChange) {
  lock(kOne);
  EXPECT_EQ(
      check(with(kOne, R"("chunk": "bytes")", R"("piece": { "type": "bytes", "doc": "Better said." })")), "");
  EXPECT_EQ(check(with(kOne, "mode = fast", "mode = small")), "");
}

TEST_F(History, AChangedFunctionIsNamedWithBothMeanings) {
  lock(kOne);
  EXPECT_EQ(check(with(kOne, R"("chunk": "bytes")", R"("chunk": "string")")),
            "codec.json:7:7: classes.encoder.methods.write: was changed since 1.0 was locked: it was "
            "encoder.write(self: borrow "
            "encoder confined, borrow bytes) -> own bytes and is encoder.write(self: borrow encoder "
            "confined, borrow string) -> "
            "own bytes; undo the change, add a function of another name, or raise the version to 2.0\n");
}

TEST_F(History, AnEnumsValueBelongsToTheFunctionsThatTakeIt) {
  lock(kOne);
  EXPECT_NE(check(with(kOne, R"("small": "")", R"("small": { "value": 7 })"))
                .find("classes.encoder.create: was changed"),
            std::string::npos);
  EXPECT_EQ(check(with(with(kOne, R"("small": "")", R"("small": "", "smallest": { "since": "1.1" })"),
                       R"("1.0")", R"("1.1")")),
            "")
      << "a value that came later is no change";
}

TEST_F(History, AnArgumentThatIsNowOwnedIsAChange) {
  const std::string lent = with(kOne, R"("flush": {})", R"("flush": { "in": { "peer": "borrow encoder" } })");
  lock(lent);
  EXPECT_NE(check(with(lent, R"("peer": "borrow encoder")", R"("peer": "own encoder")"))
                .find("classes.encoder.methods.flush: was changed"),
            std::string::npos);
}

TEST_F(History, AFunctionThatIsGoneIsNamed) {
  lock(kOne);
  EXPECT_EQ(check(with(kOne, R"(,
      "flush": {})",
                       "")),
            "codec.json:4:3: classes: encoder.flush is gone, and 1.0 is locked with it: keep it, or raise "
            "the version to 2.0\n");
}

TEST_F(History, AFunctionThatHasMovedIsNamed) {
  lock(kOne);
  const std::string moved = with(with(kOne, R"(,
      "flush": {})",
                                      ""),
                                 R"("write": {)", R"("flush": {}, "write": {)");
  EXPECT_NE(check(moved).find(
                "classes.encoder.methods.write: has moved from slot 6 to slot 7 since 1.0 was locked"),
            std::string::npos)
      << check(moved);
}

TEST_F(History, AnAdditionToALockedVersionNeedsTheNextMinor) {
  lock(kOne);
  const std::string added = with(kOne, R"("flush": {})", R"("flush": {}, "reset": {})");
  EXPECT_NE(
      check(added).find(
          "classes.encoder.methods.reset: was added to 1.0, which is locked: give it \"since\": \"1.1\""),
      std::string::npos)
      << check(added);
  const std::string later = with(with(kOne, R"("flush": {})", R"("flush": {}, "reset": { "since": "1.1" })"),
                                 R"("1.0")", R"("1.1")");
  EXPECT_EQ(check(later), "");
}

TEST_F(History, AnOlderVersionThanALockedOneIsRefused) {
  lock(with(kOne, R"("1.0")", R"("1.3")"));
  EXPECT_EQ(check(kOne), "codec.json:2:25: version: is older than 1.3, which is locked\n");
}

TEST_F(History, AnotherMajorIsFree) {
  lock(kOne);
  EXPECT_EQ(check(with(with(kOne, R"("1.0")", R"("2.0")"), R"("chunk": "bytes")", R"("chunk": "string")")),
            "");
}

TEST_F(History, ALockFileThatIsDamagedIsNamed) {
  lock(kOne);
  std::ofstream(folder_.path() / "codec-1.0.lock.json") << "{ \"interface\": \"codec\"";
  EXPECT_NE(
      check(kOne).find("codec-1.0.lock.json' is not a lock file of codec: restore it from version control"),
      std::string::npos);
}

constexpr const char* kShop = R"({
  "interface": "codec", "version": "1.0",
  "callbacks": { "told": { "in": { "done": "u64" }, "out": "bool" } },
  "functions": { "sum": { "in": { "data": "bytes" }, "out": "u32" } },
  "classes": {
    "base": { "create": {}, "methods": { "keep": { "in": { "data": "own bytes", "to": "callback told" } }, "text": { "out": "view string" }, "change": {} } },
    "part": { "parent": "base", "create": { "in": { "of": "borrow base" } } },
    "image": { "counted": true, "create": {} },
    "sample": { "arrays": true, "create": { "in": { "seed": "u32" } } },
    "sink": { "implemented_by": "host", "methods": { "write": { "in": { "chunk": "bytes" }, "out": "u64" } } } } })";

TEST_F(History, WhatOwnershipIsMadeOfIsPartOfTheMeaning) {
  const std::tuple<const char*, const char*, const char*> changes[] = {
      {R"("data": "own bytes")", R"("data": "bytes")", "classes.base.methods.keep"},
      {R"("out": "view string")", R"("out": "own string")", "classes.base.methods.text"},
      {R"("change": {})", R"("change": { "invalidates": true })", "classes.base.methods.change"},
      {R"("change": {})", R"("change": { "self": "own" })", "classes.base.methods.change"},
      {R"("change": {})", R"("change": { "realtime": true })", "classes.base.methods.change"},
      {R"("done": "u64")", R"("done": "u32")", "classes.base.methods.keep"},
      {R"("out": "bool")", R"("out": "u8")", "classes.base.methods.keep"},
      {R"("parent": "base", )", R"("parent": "base", "parent_ends": "cascade", )", "classes.part.create"},
      {R"("parent": "base", )", "", "classes.part.create"},
      {R"("counted": true, )", "", "classes.image.create"},
      {R"("seed": "u32")", R"("seed": "u64")", "classes.sample.arrays"},
      {R"("chunk": "bytes")", R"("chunk": "string")", "classes.sink"},
      {R"("data": "bytes")", R"("data": "string")", "functions.sum"}};
  lock(kShop);
  EXPECT_EQ(check(kShop), "");
  for (const auto& [old, replacement, path] : changes)
    EXPECT_NE(
        check(with(kShop, old, replacement)).find(std::string(path) + ": was changed since 1.0 was locked"),
        std::string::npos)
        << path << " with " << replacement << ":\n"
        << check(with(kShop, old, replacement));
}

TEST_F(History, NamesOfCallbacksAndWhetherACallReentersMayChange) {
  lock(kShop);
  EXPECT_EQ(check(with(with(kShop, R"("told")", R"("informed")"), "callback told", "callback informed")), "");
  EXPECT_EQ(check(with(kShop, R"("change": {})", R"("change": { "reenters": false })")), "");
}

TEST_F(History, AFunctionOfTheInterfaceThatIsGoneIsNamed) {
  lock(kShop);
  EXPECT_NE(
      check(with(kShop, R"("sum": { "in": { "data": "bytes" }, "out": "u32" })", ""))
          .find("codec.json:4:3: functions: sum is gone, and 1.0 is locked with it: keep it, or raise the "
                "version to 2.0\n"),
      std::string::npos);
}

TEST_F(History, ArraysMethodsOfTheHostAndGivenMemoryCanComeWithTheNextMinor) {
  lock(kOne);
  const std::string later = with(kOne, R"("1.0")", R"("1.1")");
  EXPECT_EQ(check(with(later, R"("create": {)", R"("arrays": { "since": "1.1" }, "create": {)")), "");
  EXPECT_EQ(check(with(later, R"("flush": {})",
                       R"("flush": {}, "take": { "since": "1.1", "in": { "data": "own bytes" } })")),
            "")
      << "codec_allocate comes with it";
  EXPECT_NE(check(with(later, R"("create": {)", R"("arrays": true, "create": {)"))
                .find("classes.encoder.arrays: was added to 1.0, which is locked"),
            std::string::npos);
}

TEST_F(History, AClassOfTheHostMayGetFurtherMethods) {
  lock(kShop);
  const std::string later = with(kShop, R"("1.0")", R"("1.1")");
  EXPECT_EQ(
      check(with(later, R"("methods": { "write")", R"("methods": { "flush": { "since": "1.1" }, "write")")),
      "");
}

constexpr const char* kNumbered = R"({
  "interface": "codec", "version": "1.0",
  "errors": {
    "jammed": "A jam.",
    "out_of_paper": "No paper." },
  "enums": { "mode": { "values": {
    "fast": "",
    "small": "" } } },
  "classes": { "encoder": { "create": {} } } })";

TEST_F(History, NumbersOfErrorsAndOfUnusedEnumsAreLocked) {
  lock(kNumbered);
  EXPECT_EQ(check(kNumbered), "");
  std::ifstream stream(folder_.path() / "codec-1.0.lock.json");
  EXPECT_EQ(
      nlohmann::ordered_json::parse(stream).at("numbers").dump(),
      R"({"errors.jammed":-1000,"errors.out_of_paper":-1001,"enums.mode.fast":0,"enums.mode.small":1})");
}

TEST_F(History, ErrorsThatHaveSwappedPlacesAreNamed) {
  lock(kNumbered);
  EXPECT_EQ(
      check(with(with(with(kNumbered, "jammed", "x"), "out_of_paper", "jammed"), R"("x")",
                 R"("out_of_paper")")),
      "codec.json:4:5: errors.out_of_paper: has moved from number -1001 to number -1000 since 1.0 was "
      "locked: "
      "put the errors back into their old order, new ones at the end; or raise the version to 2.0\n"
      "codec.json:5:5: errors.jammed: has moved from number -1000 to number -1001 since 1.0 was locked: put "
      "the errors back into their old order, new ones at the end; or raise the version to 2.0\n");
}

TEST_F(History, AnErrorThatIsGoneIsNamedAndThoseBehindItAreNot) {
  lock(kNumbered);
  EXPECT_EQ(
      check(with(kNumbered, R"("jammed": "A jam.",)", "")),
      "codec.json:3:3: errors: 'jammed' is gone, and 1.0 is locked with it: keep it, or raise the version "
      "to 2.0\n");
}

TEST_F(History, AnErrorWithAnotherNameIsNamedWithIt) {
  lock(kNumbered);
  EXPECT_NE(
      check(with(kNumbered, "out_of_paper", "empty"))
          .find("errors: 'out_of_paper' is gone, and 1.0 is locked with it (its number, -1001, is that of "
                "'empty' now, and a name can't be changed): keep it, or raise the version to 2.0\n"),
      std::string::npos)
      << check(with(kNumbered, "out_of_paper", "empty"));
}

TEST_F(History, AFurtherErrorNeedsTheNextMinorWhereverItStands) {
  lock(kNumbered);
  EXPECT_EQ(
      check(with(kNumbered, R"("jammed": "A jam.",)", R"("torn": "", "jammed": "A jam.",)")),
      "codec.json:4:5: errors.torn: was added to 1.0, which is locked: give it \"since\": \"1.1\", and the "
      "interface at least that version\n");
  const std::string later = with(kNumbered, R"("1.0")", R"("1.1")");
  EXPECT_EQ(
      check(with(later, R"("jammed": "A jam.",)", R"("torn": { "since": "1.1" }, "jammed": "A jam.",)")), "");
}

TEST_F(History, AValueOfAnEnumThatHasMovedIsNamed) {
  const std::string later = with(with(kNumbered, R"("1.0")", R"("1.1")"), R"("small": "")",
                                 R"("small": "", "tiny": { "since": "1.1" }, "least": { "since": "1.1" })");
  lock(later);
  EXPECT_EQ(check(later), "");
  EXPECT_EQ(
      check(with(with(with(later, "tiny", "x"), "least", "tiny"), R"("x")", R"("least")")),
      "codec.json:8:18: enums.mode.values.least: has moved from number 3 to number 2 since 1.1 was "
      "locked: put it back, or give it \"value\": 3; or raise the version to 2.0\n"
      "codec.json:8:47: enums.mode.values.tiny: has moved from number 2 to number 3 since 1.1 was locked: "
      "put it back, or give it \"value\": 2; or raise the version to 2.0\n");
  EXPECT_NE(check(with(later, R"(, "least": { "since": "1.1" })", "")).find("enums.mode: 'least' is gone"),
            std::string::npos);
}

TEST_F(History, ALockWithoutNumbersLocksNone) {
  lock(kNumbered);
  const auto file = folder_.path() / "codec-1.0.lock.json";
  nlohmann::ordered_json json;
  std::ifstream(file) >> json;
  json.erase("numbers");
  std::ofstream(file) << json;
  EXPECT_EQ(check(with(kNumbered, "jammed", "stuck")), "");
}

class DescriptorOf : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Descriptions, DescriptorOf, ::testing::Values(kOne, kShop));

TEST_P(DescriptorOf, ItsDescriptionMeansTheSame) {
  const Loaded first = load_text("codec.json", GetParam());
  ASSERT_TRUE(first);
  const Loaded second = load_text("descriptor", plain_description(*first.interface).dump());
  ASSERT_TRUE(second) << second.diagnostics.text();
  EXPECT_EQ(function_list(*first.interface), function_list(*second.interface));
  EXPECT_EQ(plain_description(*first.interface), plain_description(*second.interface));
}

TEST(Descriptor, NoDocumentationEndsTheLiteralThatItStandsIn) {
  const Loaded loaded =
      load_text("codec.json", with(kOne, R"("flush": {})", R"("flush": { "doc": "A )tallystick, and b." })"));
  ASSERT_TRUE(loaded) << loaded.diagnostics.text();
  const std::string text = descriptor_text(*loaded.interface);
  EXPECT_EQ(text.find(")tallystick"), std::string::npos) << text;
  EXPECT_NE(nlohmann::json::parse(text).dump().find("A )tallystick, and b."), std::string::npos) << text;
}

TEST(Meaning, HashesAreFrozen) {
  EXPECT_EQ(model::hash_text(model::hash("")), "cbf29ce484222325");
  EXPECT_EQ(model::hash_text(model::hash("encoder.destroy(self: own encoder confined)")), "a250047fcaf46240");
}

}  // namespace
}  // namespace tally::generator
