// What a lock file fixes: functions, their slots and their meanings; and that everything else stays free to
// change.
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
                "classes.encoder.methods.write: has moved from slot 5 to slot 6 since 1.0 was locked"),
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

TEST(Descriptor, ItsDescriptionMeansTheSame) {
  const Loaded first = load_text("codec.json", kOne);
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
