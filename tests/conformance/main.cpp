// Registers each case of the table as a test of its own, named after the language and the rule. A case that
// the language makes impossible is instead a test that the compile-fail case which shows it exists.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "player.hpp"

namespace conformance_table {
namespace {

class Rule : public testing::Test {
 public:
  Rule(const Description& description, const Case& played) : description_(description), case_(played) {}

  void TestBody() override {
    SCOPED_TRACE(case_.rule);
    Player player(description_, case_);
    player.begin();
    player.play();
    player.end();
  }

 private:
  const Description& description_;
  const Case& case_;
};

class Impossible : public testing::Test {
 public:
  explicit Impossible(const std::string& shown_by) : shown_by_(shown_by) {}

  void TestBody() override {
    // "table.NAME": of the table of misuse.
    const bool is_of_table = shown_by_.starts_with("table.");
    const std::filesystem::path file =
        std::string(CONFORMANCE_COMPILE_FAIL) +
        (is_of_table ? "/table/" + shown_by_.substr(6) : "/cases/" + shown_by_) + ".cpp";
    EXPECT_TRUE(std::filesystem::exists(file)) << file << " is not there to show that this does not compile";
  }

 private:
  std::string shown_by_;
};

void add(const std::string& language, const Description& description, const Case& played) {
  const auto found = played.impossible.find(language);
  testing::RegisterTest(language.c_str(), played.name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                        [&, found]() -> testing::Test* {
                          if (found != played.impossible.end()) return new Impossible(found->second);
                          return new Rule(description, played);
                        });
}

// Names and rules are each there once: a case that says what another says proves nothing.
class Distinct : public testing::Test {
 public:
  explicit Distinct(const std::vector<Case>& cases) : cases_(cases) {}

  void TestBody() override {
    std::map<std::string, int> seen;
    for (const Case& each : cases_) {
      EXPECT_EQ(seen[each.name]++, 0) << each.name;
      EXPECT_EQ(seen[each.rule]++, 0) << each.rule;
      EXPECT_TRUE(each.rule.starts_with("2.") || each.rule.starts_with("3."))
          << each.rule << ": cites no rule of the design";
    }
  }

 private:
  const std::vector<Case>& cases_;
};

}  // namespace

const tally_module_options* module_options() {
  return nullptr;
}

}  // namespace conformance_table

int main(int argc, char** argv) {
  using namespace conformance_table;
  testing::InitGoogleTest(&argc, argv);
  try {
    static const Description description(description_file());
    static const std::vector<Case> cases = read_cases(table_folder());
    const std::string language = make_language(description)->name();
    for (const Case& each : cases) add(language, description, each);
    testing::RegisterTest(language.c_str(), "rules_are_distinct", nullptr, nullptr, __FILE__, __LINE__,
                          []() -> testing::Test* { return new Distinct(cases); });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return RUN_ALL_TESTS();
}
