// From a description to artefacts: clashes of generated names, the choice of backends, and what a backend
// must not do.
#include "generator/generate.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <stdexcept>

#include "generator/backends/c/backend.hpp"
#include "generator/backends/c/naming.hpp"
#include "temporary_folder.hpp"

namespace tally::generator {
namespace {

const char* const kClashing = R"({
  "interface": "x", "version": "1.0",
  "classes": {
    "a_b": { "create": {}, "methods": { "c": {}, "d": {} } },
    "a": { "create": {}, "methods": { "b_c": {}, "b_create": {}, "e": {} } }
  }
})";

std::vector<Artefact> nothing(const model::Interface&) {
  return {};
}

/// x_a_b_c for both `a_b.c` and `a.b_c`, listed so that the second in the file comes first.
std::vector<Symbol> c_symbols(const model::Interface& interface) {
  std::vector<Symbol> symbols;
  for (auto item = interface.classes.rbegin(); item != interface.classes.rend(); ++item) {
    const std::string prefix = interface.name + "_" + item->name + "_";
    const std::string path = "classes." + item->name;
    for (const auto& creator : item->creators)
      symbols.push_back({"", prefix + creator.name, path + "." + creator.name});
    for (const auto& method : item->methods)
      symbols.push_back({"", prefix + method.name, path + ".methods." + method.name});
  }
  return symbols;
}

std::vector<Symbol> scoped_symbols(const model::Interface&) {
  return {{"class A", "f", "classes.a"},
          {"class B", "f", "classes.a_b"},
          {"class A", "f", "classes.a.methods.e"}};
}

constexpr Backend kC = {"c", "", nothing, c_symbols};
constexpr Backend kAlso = {"rust", "", nothing, c_symbols};
constexpr Backend kScoped = {"cpp", "", nothing, scoped_symbols};

std::string clashes(std::vector<Backend> backends) {
  const Loaded loaded = load_text("f", kClashing);
  EXPECT_EQ(loaded.diagnostics.text(), "");
  return find_clashes(loaded, backends).text();
}

TEST(FindClashes, NamesBothPartsAtTheSecondOfThem) {
  EXPECT_EQ(clashes({kC}),
            "f:5:39: classes.a.methods.b_c: would be called 'x_a_b_c' in c, as would classes.a_b.methods.c "
            "on line 4: rename one of them\n"
            "f:5:50: classes.a.methods.b_create: would be called 'x_a_b_create' in c, as would "
            "classes.a_b.create on line 4: rename one "
            "of them\n");
}

TEST(FindClashes, ReportsAPairOnceForAllBackends) {
  EXPECT_EQ(clashes({kC, kAlso}), clashes({kC}));
}

TEST(FindClashes, KeepsScopesAndBackendsApart) {
  EXPECT_EQ(clashes({kScoped}),
            "f:5:66: classes.a.methods.e: would be called 'f' in class A in cpp, as would classes.a on line "
            "5: rename one of them\n");
}

TEST(FindClashes, FindsNothingWhereNothingIs) {
  EXPECT_EQ(clashes({}), "");
}

/// What the C backend finds in an interface `x` of these parts.
std::string c_clashes(const std::string& parts) {
  const Loaded loaded = load_text("f", R"({ "interface": "x", "version": "1.0", )" + parts + " }");
  EXPECT_EQ(loaded.diagnostics.text(), "");
  const Backend backends[] = {{"c", "", c::generate, c::symbols}};
  return find_clashes(loaded, backends).text();
}

TEST(FindClashesInC, NamesWhatACallbackAndAFunctionShare) {
  EXPECT_EQ(c_clashes(R"("callbacks": { "sort": {} }, "functions": { "sort": {}, "api_of": {}, "a_b": {} },
"classes": { "a": { "create": {}, "methods": { "b": {} } } })"),
            "f:1:83: functions.sort: would be called 'x_sort' in c, as would callbacks.sort on line 1: "
            "rename one of "
            "them\n"
            "f:1:95: functions.api_of: would be called 'x_api_of' in c, a name that generated code needs for "
            "itself: rename it\n"
            "f:2:48: classes.a.methods.b: would be called 'x_a_b' in c, as would functions.a_b on line 1: "
            "rename one of "
            "them\n");
}

TEST(FindClashes, SaysOfWhatGeneratedCodeNeedsThatItIsTaken) {
  const Loaded loaded = load_text("f", R"({ "interface": "x", "version": "1.0", "classes": {
"blob": { "create": {} },
"k": { "create": {}, "methods": { "token": {}, "closed": {} } } } })");
  EXPECT_EQ(loaded.diagnostics.text(), "");
  EXPECT_EQ(
      find_clashes(loaded).text(),
      "f:3:35: classes.k.methods.token: would be called 'token' in x::K in cpp, a name that generated code "
      "needs for itself: rename it\n"
      "f:3:48: classes.k.methods.closed: would be called 'closed' in x.K in python, a name that generated "
      "code needs for itself: rename it\n");
}

TEST(FindClashes, NamesWhatWouldHideATypeOfTheCHeader) {
  const Loaded loaded = load_text("f", R"({ "interface": "x", "version": "1.0", "functions": { "header": {} },
"classes": { "k": { "create": {} },
"y": { "create": { "in": { "x_k": "borrow k" } }, "methods": { "x_y": {} } },
"y_class": { "create": {} } } })");
  EXPECT_EQ(loaded.diagnostics.text(), "");
  EXPECT_EQ(
      find_clashes(loaded).text(),
      "f:1:54: functions.header: would be called 'header' in x_api in c, a name that generated code needs "
      "for itself: rename it\n"
      "f:3:28: classes.y.create.in.x_k: would be called 'x_k' in x_y_create() in c, as would classes.k on "
      "line 2: rename one of them\n"
      "f:3:64: classes.y.methods.x_y: would be called 'x_y' in x::Y in cpp, as would classes.y on line 3: "
      "rename one of them\n"
      "f:4:1: classes.y_class: would be called 'YClass' in x in cpp, as would classes.y on line 3: rename "
      "one of them\n");
}

TEST(FindClashesInC, NamesWhatTheArrayOfAClassHas) {
  EXPECT_EQ(c_clashes(R"("classes": { "a": { "arrays": true, "create": {},
"methods": { "array_size": {}, "array_create": {}, "array": {} } } })"),
            "f:2:14: classes.a.methods.array_size: would be called 'x_a_array_size' in c, as would "
            "classes.a.arrays on "
            "line 1: rename one of them\n"
            "f:2:32: classes.a.methods.array_create: would be called 'x_a_array_create' in c, as would "
            "classes.a.arrays "
            "on line 1: rename one of them\n"
            "f:2:52: classes.a.methods.array: would be called 'x_a_array' in c, as would classes.a.arrays on "
            "line 1: "
            "rename one of them\n");
}

TEST(FindClashesInC, NamesWhatTheHostsStructsNeed) {
  EXPECT_EQ(
      c_clashes(R"("callbacks": { "told": { "in": { "user": "u32" } }, "a_methods": {} },
"classes": { "a": { "implemented_by": "host", "methods": { "header": {}, "run": { "in": { "user": "u8" } } } } })"),
      "f:1:72: callbacks.told.in.user: would be called 'user' in x_told() in c, as would callbacks.told on "
      "line 1: "
      "rename one of them\n"
      "f:2:14: classes.a: would be called 'x_a_methods' in c, as would callbacks.a_methods on line 1: rename "
      "one of "
      "them\n"
      "f:2:60: classes.a.methods.header: would be called 'header' in x_a_methods in c, as would classes.a on "
      "line "
      "2: rename one of them\n"
      "f:2:91: classes.a.methods.run.in.user: would be called 'user' in x_a_methods.run() in c, as would "
      "classes.a.methods.run on line 2: rename one of them\n");
}

TEST(FindClashesInC, NamesParametersOfAnArraysCreatorWhereTheyStand) {
  EXPECT_EQ(
      c_clashes(
          R"("classes": { "a": { "arrays": true, "create": { "in": { "b": "bytes", "b_size": "u32" } } } })"),
      "f:1:109: classes.a.create.in.b_size: would be called 'b_size' in x_a_create() in c, as would "
      "classes.a.create.in.b on line 1: rename one of them\n");
}

TEST(Comments, NeverEndALineWithATrigraphThatWouldSpliceTheNextOneToIt) {
  const Loaded loaded = load_text("f", R"({ "interface": "x", "version": "1.0", "doc": "Really??/\n\nYes??/",
"classes": { "a": { "create": {}, "doc": "a??/ b??/", "methods": { "b": { "doc": "b??/" } } } } })");
  EXPECT_EQ(loaded.diagnostics.text(), "");
  const std::vector<std::string> asked = {"c", "cpp"};
  for (const Artefact& artefact : generate(*loaded.interface, asked))
    EXPECT_EQ(artefact.text.find("?\?/\n"), std::string::npos) << artefact.path;
}

std::vector<Artefact> one(const model::Interface& interface) {
  return {{interface.name + "/one.h", "1"}};
}
std::vector<Artefact> two(const model::Interface&) {
  return {{"two.h", "2"}, {"two.c", "2"}};
}
std::vector<Artefact> outside(const model::Interface&) {
  return {{"../two.h", "2"}};
}
std::vector<Artefact> absolute(const model::Interface&) {
  return {{"/two.h", "2"}};
}
std::vector<Artefact> roundabout(const model::Interface&) {
  return {{"a/../two.h", "2"}};
}
std::vector<Artefact> unnamed(const model::Interface&) {
  return {{"", "2"}};
}
std::vector<Artefact> folder(const model::Interface&) {
  return {{"a/", "2"}};
}
std::vector<Symbol> no_symbols(const model::Interface&) {
  return {};
}

const Backend kBackends[] = {
    {"c", "", one, no_symbols}, {"docs", "", two, no_symbols}, {"c", "", outside, no_symbols}};

std::string paths(const std::vector<std::string>& languages, std::span<const Backend> backends) {
  std::string result;
  model::Interface interface;
  interface.name = "x";
  for (const Artefact& artefact : generate(interface, languages, backends)) result += artefact.path + " ";
  return result;
}

TEST(Generate, RunsTheBackendsOfTheLanguagesInTheirOwnOrder) {
  const auto first_two = std::span(kBackends).first(2);
  EXPECT_EQ(paths({"docs", "c"}, first_two), "x/one.h two.h two.c ");
  EXPECT_EQ(paths({"docs"}, first_two), "two.h two.c ");
  EXPECT_EQ(paths({}, first_two), "");
}

/// The time of this thread alone, since others run beside it.
std::clock_t time_of(const Loaded& loaded, const std::string& language) {
  const std::string languages[] = {language};
  const std::clock_t start = std::clock();
  static_cast<void>(generate(*loaded.interface, languages));
  return std::clock() - start;
}

TEST(Generate, WhatPythonKeepsIsFoundOnceAndNotForEachParameter) {
  std::string classes;
  for (int i = 0; i < 40; ++i) {
    std::string methods;
    for (int j = 0; j < 50; ++j)
      methods +=
          R"(, "m)" + std::to_string(j) + R"(": { "in": { "a": "i8", "b": "i8", "c": "i8", "d": "i8" } })";
    classes += (i == 0 ? "" : ", ") + (R"("c)" + std::to_string(i)) + R"(": { "create": {}, "methods": { )" +
               methods.substr(2) + " } }";
  }
  const Loaded loaded =
      load_text("f", R"({ "interface": "x", "version": "1.0", "classes": { )" + classes + " } }");
  ASSERT_TRUE(loaded) << loaded.diagnostics.text();
  EXPECT_LT(time_of(loaded, "python"), 10 * time_of(loaded, "cpp")) << "it was more than fifty times as long";
}

TEST(Generate, RefusesPathsThatLeaveTheFolderOrNameNoFile) {
  for (const auto bad : {outside, absolute, roundabout, unnamed, folder}) {
    const Backend backends[] = {{"c", "", bad, no_symbols}};
    EXPECT_THROW(paths({"c"}, backends), std::logic_error);
  }
}

TEST(Generate, RefusesTwoArtefactsOfOnePath) {
  const Backend backends[] = {{"c", "", two, no_symbols}, {"c", "", two, no_symbols}};
  EXPECT_THROW(paths({"c"}, backends), std::logic_error);
}

TEST(Languages, AreListedOnceInOrder) {
  EXPECT_EQ(languages(kBackends), (std::vector<std::string>{"c", "docs"}));
}

TEST(Load, HasNoInterfaceIfTheFileIsMissing) {
  const Loaded loaded = load("/nowhere/x.json");
  EXPECT_FALSE(loaded);
  EXPECT_FALSE(loaded.document);
  EXPECT_EQ(loaded.diagnostics.text(), "/nowhere/x.json: there is no such file\n");
}

TEST(Load, ReadsAFile) {
  const testing::TemporaryFolder temporary;
  EXPECT_TRUE(load(temporary.put("x.json", kClashing)));
}

}  // namespace
}  // namespace tally::generator
