// The command line: what is printed where, and the exit codes that scripts rely on.
#include "cli/cli.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "generator/backends/backend.hpp"
#include "support/readable.hpp"
#include "tally/version.h"
#include "temporary_folder.hpp"

namespace tally::cli {
namespace {

using Arguments = std::vector<std::string>;

struct Answer {
  int code;
  std::string out;
  std::string err;
};

Answer answer(const Arguments& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run(arguments, out, err);
  return {code, out.str(), err.str()};
}

const char* const kGood = R"({ "interface": "codec", "version": "1.2", "classes": {
  "encoder": { "create": {}, "creators": { "open_like": {} }, "methods": { "write": {} } }, "decoder": { "create": {} } } })";
const char* const kBad = R"({ "interface": "codec", "version": "1.0", "clases": {} })";

class Cli : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  std::string good_ = folder_.put("good.json", kGood);
  std::string bad_ = folder_.put("bad.json", kBad);
  std::string out_ = (folder_ / "out").string();
};

TEST_F(Cli, PrintsItsVersions) {
  const Answer version = answer({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_EQ(version.out, std::string("tallystick ") + TALLY_RELEASE_STRING + " (ABI " +
                             std::to_string(TALLY_ABI_MAJOR) + "." + std::to_string(TALLY_ABI_MINOR) + ")\n");
}

TEST_F(Cli, HelpsWithExamples) {
  for (const Arguments& arguments :
       {Arguments{"--help"}, {"gen", "--help"}, {"check", "--help"}, {"gen", "-h"}}) {
    const Answer help = answer(arguments);
    EXPECT_EQ(help.code, 0);
    EXPECT_EQ(help.err, "");
    EXPECT_NE(help.out.find("Examples:\n  tallystick "), std::string::npos) << help.out;
  }
}

TEST_F(Cli, ListsEveryLanguageInTheHelpOfGen) {
  const Answer help = answer({"gen", "--help"});
  for (const generator::Backend& backend : generator::backends()) {
    EXPECT_NE(help.out.find(std::string(backend.language)), std::string::npos);
    EXPECT_NE(help.out.find(std::string(backend.summary)), std::string::npos);
  }
  for (const char* const file :
       {"X.h", "X.cfg", "X.hpp", "X_types.hpp", "X_glue.hpp", "X_host.hpp", "X.pyi", "X.md"}) {
    EXPECT_NE(help.out.find(file), std::string::npos) << file;
  }
}

TEST_F(Cli, ChecksAGoodDescription) {
  const Answer check = answer({"check", good_});
  EXPECT_EQ(check.code, 0);
  EXPECT_EQ(check.out, good_ + ": interface codec 1.2: 2 classes, 4 functions\n");
  EXPECT_EQ(check.err, "");
}

TEST_F(Cli, ChecksAgainstAHistoryThatIsThere) {
  const std::string history = (folder_ / "locks").string();
  const Answer missing = answer({"check", "--history", history, good_});
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.out, "");
  EXPECT_EQ(missing.err,
            "tallystick: '" + history + "' is no folder of lock files: see 'tallystick lock --help'\n");
  EXPECT_EQ(answer({"lock", "--history", history, good_}).code, 0);
  EXPECT_EQ(answer({"check", "--history", history, good_}).code, 0);
  EXPECT_EQ(answer({"check", "--history", good_, good_}).code, 1) << "a file is no folder";
}

TEST_F(Cli, SaysThatTheHistoryCannotBeRead) {
  folder_.put("history", "no folder");
  const Answer checked = answer({"check", good_});
  EXPECT_EQ(checked.code, 1);
  EXPECT_NE(checked.err.find("/history' can't be read: Not a directory\n"), std::string::npos) << checked.err;
}

TEST_F(Cli, FailsIfItsResultsCannotBeWritten) {
  std::ofstream full("/dev/full");
  ASSERT_TRUE(full) << "it has to be there";
  std::ostringstream err;
  EXPECT_EQ(run({"check", good_}, full, err), 1);
  EXPECT_EQ(err.str(), "tallystick: the results can't be written to standard output\n");
}

TEST_F(Cli, CountsOneAsOne) {
  const std::string file =
      folder_.put("one.json", R"({"interface":"i","version":"1.0","classes":{"thing":{"create":{}}}})");
  EXPECT_EQ(answer({"check", file}).out, file + ": interface i 1.0: 1 class, 1 function\n");
}

TEST_F(Cli, ChecksEveryDescriptionAndFailsIfOneIsBad) {
  const std::string missing = (folder_ / "missing.json").string();
  const Answer check = answer({"check", bad_, missing, good_});
  EXPECT_EQ(check.code, 1);
  EXPECT_EQ(check.out, good_ + ": interface codec 1.2: 2 classes, 4 functions\n");
  EXPECT_EQ(check.err, bad_ + ":1:43: unknown key 'clases' (did you mean 'classes'?)\n" +
                           "tallystick: " + missing + ": there is no such file\n");
}

TEST_F(Cli, GeneratesEveryLanguageSilently) {
  const Answer gen = answer({"gen", good_, "--out", out_});
  EXPECT_EQ(gen.code, 0);
  EXPECT_EQ(gen.out + gen.err, "");
  EXPECT_GT(folder_.listing().size(), 3U);
}

TEST_F(Cli, GeneratesOnlyTheLanguagesAskedFor) {
  EXPECT_EQ(answer({"gen", good_, "--lang", "docs", "--out", out_}).code, 0);
  const auto docs_only = folder_.listing();
  EXPECT_EQ(answer({"gen", "--lang", "c,docs", good_, "--out", out_}).code, 0);
  const auto both = folder_.listing();
  EXPECT_LT(docs_only.size(), both.size());
  EXPECT_EQ(answer({"gen", "--lang", "c", "--lang", "docs", "--out", (folder_ / "out").string(), good_}).code,
            0);
  EXPECT_EQ(folder_.listing(), both);
}

TEST_F(Cli, WritesNothingForABadDescription) {
  const auto before = folder_.listing();
  const Answer gen = answer({"gen", bad_, "--out", out_});
  EXPECT_EQ(gen.code, 1);
  EXPECT_EQ(gen.err, bad_ + ":1:43: unknown key 'clases' (did you mean 'classes'?)\n");
  EXPECT_EQ(folder_.listing(), before);
}

TEST_F(Cli, SaysThatTheFolderCannotBeWrittenTo) {
  const Answer gen = answer({"gen", good_, "--out", good_ + "/below"});
  EXPECT_EQ(gen.code, 1);
  EXPECT_EQ(gen.out, "");
  EXPECT_EQ(gen.err, "tallystick: can't create the folder '" + good_ +
                         "': File exists; nothing was changed: a file stands where a folder is needed: "
                         "choose another folder\n");
}

TEST_F(Cli, SaysThatTheDescriptionIsMissing) {
  const Answer gen = answer({"gen", "/nowhere.json", "--out", out_});
  EXPECT_EQ(gen.code, 1);
  EXPECT_EQ(gen.err, "tallystick: /nowhere.json: there is no such file\n");
}

TEST_F(Cli, SuggestsALanguage) {
  const Answer gen = answer({"gen", good_, "--lang", "dcos", "--out", out_});
  EXPECT_EQ(gen.code, 2);
  EXPECT_EQ(gen.err.substr(0, gen.err.find(':', 12)),
            "tallystick: unknown language 'dcos' (did you mean 'docs'?)");
}

struct Misuse {
  Arguments arguments;
  std::string err;

  // What the test is listed as.
  friend void PrintTo(const Misuse& misuse, std::ostream* out) {
    *out << "tallystick";
    for (const std::string& each : misuse.arguments) *out << ' ' << readable(each);
  }
};

class CliMisuse : public ::testing::TestWithParam<Misuse> {};

TEST_P(CliMisuse, IsExplainedWithExitCode2) {
  const Answer misuse = answer(GetParam().arguments);
  EXPECT_EQ(misuse.code, 2);
  EXPECT_EQ(misuse.out, "");
  EXPECT_EQ(misuse.err, GetParam().err);
}

const std::string kTry = "Try 'tallystick --help'.\n";
const std::string kTryGen = "Try 'tallystick gen --help'.\n";
const std::string kTryCheck = "Try 'tallystick check --help'.\n";

INSTANTIATE_TEST_SUITE_P(
    CommandLines, CliMisuse,
    ::testing::Values(
        Misuse{{},
               "tallystick: a subcommand is missing: 'gen', 'check', 'lock', 'inspect' or 'report'\n" + kTry},
        Misuse{{"gne"}, "tallystick: unknown subcommand 'gne' (did you mean 'gen'?)\n" + kTry},
        Misuse{{"frobnicate", "x"}, "tallystick: unknown subcommand 'frobnicate'\n" + kTry},
        Misuse{{"--verison"}, "tallystick: unknown option '--verison' (did you mean '--version'?)\n" + kTry},
        Misuse{{"gen"}, "tallystick: 'gen' needs a DESCRIPTION\n" + kTryGen},
        Misuse{{"gen", "x"}, "tallystick: 'gen' needs '--out DIR', the folder to write to\n" + kTryGen},
        Misuse{{"gen", "--out", "x"}, "tallystick: 'gen' needs a DESCRIPTION\n" + kTryGen},
        Misuse{{"gen", "x", "y", "--out", "z"},
               "tallystick: 'gen' takes one description; 'y' is one too many\n" + kTryGen},
        Misuse{{"gen", "x", "--lnag=c"},
               "tallystick: unknown option '--lnag' (did you mean '--lang'?)\n" + kTryGen},
        Misuse{{"gen", "x", "--out"}, "tallystick: '--out' needs a value\n" + kTryGen},
        Misuse{{"gen", "x", "--out="}, "tallystick: '--out' needs a value\n" + kTryGen},
        Misuse{{"gen", "x", "--out", ""}, "tallystick: '--out' needs the name of a folder\n" + kTryGen},
        Misuse{{"gen", "x", "--out", "a", "--out", "b"},
               "tallystick: '--out' stands more than once\n" + kTryGen},
        Misuse{{"gen", "x", "--out", "a", "--lang"}, "tallystick: '--lang' needs a value\n" + kTryGen},
        Misuse{{"gen", "--", "x", "--out", "a"}, "tallystick: '--out' can't stand behind '--'\n" + kTryGen},
        Misuse{{"check"}, "tallystick: 'check' needs at least one DESCRIPTION\n" + kTryCheck},
        Misuse{{"check", "x", "--out", "y"}, "tallystick: unknown option '--out'\n" + kTryCheck}));

TEST_F(Cli, IsWhatTheProgramRuns) {
  const auto code = [](const std::string& arguments) {
    return WEXITSTATUS(
        std::system((std::string(TALLYSTICK_COMMAND) + " " + arguments + " >/dev/null 2>&1").c_str()));
  };
  EXPECT_EQ(code("--version"), 0);
  EXPECT_EQ(code("check " + good_), 0);
  EXPECT_EQ(code("check " + bad_), 1);
  EXPECT_EQ(code("chekc"), 2);
}

}  // namespace
}  // namespace tally::cli
