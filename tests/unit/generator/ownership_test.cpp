// What the descriptions of callbacks, functions, parents, arrays, views and classes of the host mean in the
// model. Mistakes are in mistakes/: who_owns_what, class_kinds, parents, parent_sources, arrays,
// new_sections.
#include <gtest/gtest.h>

#include "generator/generate.hpp"
#include "generator/model/functions.hpp"

namespace tally::generator {
namespace {

using model::ClassKind;
using model::ParentSource;
using model::Passing;

constexpr const char* kShop = R"({
  "interface": "shop", "version": "1.2",
  "callbacks": {
    "progress": { "doc": "Told.", "in": { "done": { "type": "u64", "doc": "Rows." }, "label": "string", "to": "own sink" }, "out": "bool" },
    "late": { "since": "1.1" }
  },
  "functions": {
    "open_both": { "doc": "Opens.", "in": { "on": "borrow database", "n": "u32 = 3" }, "out": "own statement" }
  },
  "classes": {
    "database": {
      "create": {},
      "methods": {
        "prepare": { "out": "own statement" },
        "prepare_like": { "in": { "other": "borrow database" }, "out": "own statement" },
        "on_change": { "in": { "handler": "callback progress" } },
        "store": { "in": { "data": "own bytes", "name": "own string" } },
        "content": { "out": "view bytes" },
        "title": { "out": { "type": "view string", "doc": "Its name." } },
        "compact": { "invalidates": true }
      }
    },
    "statement": {
      "parent": "database",
      "creators": { "on": { "in": { "sql": "string", "parent": "borrow database" } } },
      "methods": {
        "again": { "out": "own statement" },
        "again_on": { "in": { "other": "borrow database" }, "out": "own statement" },
        "begin": { "out": "own transaction" },
        "step": { "out": "bool" }
      }
    },
    "transaction": { "parent": "database", "parent_ends": "cascade", "methods": { "count": { "out": "own log" } } },
    "log": {},
    "sample": { "arrays": true, "create": { "since": "1.1", "in": { "seed": { "type": "u32", "doc": "Start." }, "step": "u32 = 2" } } },
    "tile": { "arrays": { "doc": "A floor.", "since": "1.2" }, "create": {} },
    "image": { "counted": true, "create": {} },
    "sink": { "implemented_by": "host", "methods": { "write": { "in": { "chunk": "bytes" }, "out": "own bytes" } } }
  }
})";

model::Interface lowered(const std::string& text) {
  Loaded loaded = load_text("f", text);
  EXPECT_EQ(loaded.diagnostics.text(), "");
  return loaded.interface.value();
}

const model::Class& class_named(const model::Interface& interface, std::string_view name) {
  for (const model::Class& each : interface.classes)
    if (each.name == name) return each;
  throw std::logic_error("no such class");
}

const model::Method& method_named(const model::Class& owner, std::string_view name) {
  for (const model::Method& each : owner.methods)
    if (each.name == name) return each;
  throw std::logic_error("no such method");
}

TEST(Callbacks, HaveParametersAResultAndAVersion) {
  const auto shop = lowered(kShop);
  ASSERT_EQ(shop.callbacks.size(), 2U);
  const model::Callback& progress = shop.callbacks[0];
  EXPECT_EQ(progress.name, "progress");
  EXPECT_EQ(progress.doc, "Told.");
  EXPECT_EQ(progress.since, (model::Version{1, 0}));
  ASSERT_EQ(progress.parameters.size(), 3U);
  EXPECT_EQ(progress.parameters[0].doc, "Rows.");
  EXPECT_EQ(progress.parameters[1].passing, Passing::borrow);
  EXPECT_EQ(progress.parameters[2].passing, Passing::own);
  EXPECT_EQ(std::get<model::Scalar>(progress.result->type), model::Scalar::boolean);
  EXPECT_EQ(shop.callbacks[1].since, (model::Version{1, 1}));
  EXPECT_FALSE(shop.callbacks[1].result);
}

TEST(Callbacks, AreGivenToTheModule) {
  const auto shop = lowered(kShop);
  const model::Parameter handler = method_named(shop.classes[0], "on_change").parameters.at(0);
  EXPECT_EQ(std::get<model::CallbackType>(handler.type).index, 0U);
  EXPECT_EQ(handler.passing, Passing::own);
}

TEST(Functions, NeedNoClass) {
  const auto shop = lowered(kShop);
  ASSERT_EQ(shop.functions.size(), 1U);
  EXPECT_EQ(shop.functions[0].name, "open_both");
  EXPECT_EQ(shop.functions[0].doc, "Opens.");
  EXPECT_EQ(shop.functions[0].parameters.size(), 2U);
  EXPECT_EQ(shop.functions[0].result->passing, Passing::own);
}

TEST(Memory, IsGivenOrViewedWhereTheDescriptionSaysSo) {
  const model::Class database = lowered(kShop).classes[0];
  EXPECT_EQ(method_named(database, "store").parameters.at(0).passing, Passing::own);
  EXPECT_EQ(method_named(database, "store").parameters.at(1).passing, Passing::own);
  EXPECT_EQ(method_named(database, "content").result->passing, Passing::view);
  EXPECT_TRUE(std::holds_alternative<model::Text>(method_named(database, "title").result->type));
  EXPECT_TRUE(method_named(database, "compact").invalidates);
  EXPECT_FALSE(method_named(database, "content").invalidates);
}

TEST(Memory, OfAnObjectMakesItsClassOneWithViews) {
  const auto shop = lowered(kShop);
  EXPECT_TRUE(class_named(shop, "database").has_views);
  EXPECT_FALSE(class_named(shop, "statement").has_views);
}

TEST(Kinds, AreWhatTheClassSays) {
  const auto shop = lowered(kShop);
  EXPECT_EQ(class_named(shop, "database").kind, ClassKind::single);
  EXPECT_EQ(class_named(shop, "image").kind, ClassKind::counted);
  EXPECT_EQ(class_named(shop, "sample_array").kind, ClassKind::array);
  EXPECT_EQ(class_named(shop, "sink").kind, ClassKind::host);
}

TEST(Parents, AreKeptUnlessTheyCascade) {
  const auto shop = lowered(kShop);
  const model::Class& statement = class_named(shop, "statement");
  EXPECT_EQ(statement.parent->index, 0U);
  EXPECT_EQ(statement.parent->ends, model::ParentEnds::keep);
  EXPECT_EQ(class_named(shop, "transaction").parent->ends, model::ParentEnds::cascade);
  EXPECT_FALSE(class_named(shop, "database").parent);
  EXPECT_TRUE(class_named(shop, "database").has_children);
  EXPECT_FALSE(statement.has_children);
}

TEST(Parents, OfNewObjectsAreFoundBySelfSiblingOrParameter) {
  const auto shop = lowered(kShop);
  const model::Class& database = class_named(shop, "database");
  const model::Class& statement = class_named(shop, "statement");
  EXPECT_EQ(method_named(database, "prepare").parent->kind, ParentSource::Kind::self);
  EXPECT_EQ(statement.creators.at(0).parent->kind, ParentSource::Kind::parameter);
  EXPECT_EQ(statement.creators[0].parent->parameter, 1U);
  EXPECT_EQ(method_named(statement, "again").parent->kind, ParentSource::Kind::parent_of_self);
  EXPECT_EQ(method_named(statement, "begin").parent->kind, ParentSource::Kind::parent_of_self)
      << "a sibling of another class";
  EXPECT_EQ(shop.functions[0].parent->kind, ParentSource::Kind::parameter);
  EXPECT_EQ(shop.functions[0].parent->parameter, 0U);
}

TEST(Parents, GivenExplicitlyWinOverSelfOnlyIfSelfIsNone) {
  const auto shop = lowered(kShop);
  EXPECT_EQ(method_named(class_named(shop, "database"), "prepare_like").parent->kind,
            ParentSource::Kind::self);
  EXPECT_EQ(method_named(class_named(shop, "statement"), "again_on").parent->kind,
            ParentSource::Kind::parameter);
}

TEST(Parents, AreOnlyOfWhatHasOne) {
  const auto shop = lowered(kShop);
  EXPECT_FALSE(method_named(class_named(shop, "statement"), "step").parent);
  EXPECT_FALSE(method_named(class_named(shop, "transaction"), "count").parent);
  EXPECT_FALSE(class_named(shop, "database").creators.at(0).parent);
}

TEST(Arrays, StandBehindTheClassOfTheirElements) {
  const auto shop = lowered(kShop);
  const auto& classes = shop.classes;
  for (std::size_t i = 0; i + 1 < classes.size(); ++i) {
    if (classes[i].name != "sample") continue;
    EXPECT_EQ(classes[i + 1].name, "sample_array");
    EXPECT_EQ(classes[i + 1].element, i);
    EXPECT_FALSE(classes[i + 1].parent);
  }
  // Names that come after an array still mean their classes.
  EXPECT_EQ(std::get<model::ClassType>(shop.callbacks[0].parameters[2].type).index, classes.size() - 1);
}

TEST(Arrays, AreMadeOfACountAndWhatTheElementsTake) {
  const auto shop = lowered(kShop);
  const model::Class& array = class_named(shop, "sample_array");
  ASSERT_EQ(array.creators.size(), 1U);
  const auto& parameters = array.creators[0].parameters;
  EXPECT_EQ(array.creators[0].name, "create");
  ASSERT_EQ(parameters.size(), 3U);
  EXPECT_EQ(parameters[0].name, "count");
  EXPECT_EQ(std::get<model::Scalar>(parameters[0].type), model::Scalar::u64);
  EXPECT_EQ(parameters[1].doc, "Start.");
  EXPECT_TRUE(parameters[2].default_value);
}

TEST(Arrays, ExistSinceTheCreatorOfTheirElementsUnlessTheySay) {
  const auto shop = lowered(kShop);
  EXPECT_EQ(class_named(shop, "sample_array").since, (model::Version{1, 1}));
  EXPECT_EQ(class_named(shop, "tile_array").since, (model::Version{1, 2}));
  EXPECT_EQ(class_named(shop, "tile_array").creators[0].since, (model::Version{1, 2}));
  EXPECT_EQ(class_named(shop, "tile_array").doc, "A floor.");
}

TEST(Obtainable, AreObjectsThatTheHostIsCalledWith) {
  lowered(R"({ "interface": "i", "version": "1.0",
    "callbacks": { "arrival": { "in": { "of": "own guest" } } },
    "functions": { "listen": { "in": { "to": "callback arrival" } }, "first": { "out": "own room" } },
    "classes": { "guest": {}, "room": {}, "door": { "implemented_by": "host", "methods": { "open": { "in": { "by": "borrow key" } } } },
                 "key": {} } })");
}

TEST(Obtainable, AreNotObjectsOfCallbacksThatNobodyTakes) {
  const Loaded loaded = load_text("f", R"({ "interface": "i", "version": "1.0",
    "callbacks": { "arrival": { "in": { "of": "own guest" } } },
    "classes": { "guest": {} } })");
  EXPECT_EQ(loaded.diagnostics.text(),
            "f:3:18: classes.guest: nobody can obtain an object of 'guest': it has no \"create\", and no "
            "function that "
            "can be called returns one\n");
}

/// The functions that reenter, by name, and the classes whose objects can be inside one, in brackets.
std::string reentry(const std::string& parts) {
  const auto interface = lowered(
      R"({ "interface": "i", "version": "1.0", "callbacks": { "told": {}, "shown": { "in": { "it": "borrow plain" } } }, )" +
      parts + " }");
  std::string text;
  for (const model::Function& function : functions_in_table_order(interface))
    if (function.reenters()) text += qualified_name(function) + " ";
  for (const model::Class& owner : interface.classes)
    if (owner.can_be_inside) text += "[" + owner.name + "] ";
  return text;
}

TEST(Reentry, IsNotWhereNobodyCallsBack) {
  EXPECT_EQ(
      reentry(
          R"("classes": { "plain": { "create": {}, "methods": { "run": { "in": { "of": "borrow plain" } } } } })"),
      "[plain] ")
      << "a callback shows one, though none is given";
  EXPECT_EQ(
      reentry(
          R"("classes": { "plain": { "create": {} }, "a": { "create": {}, "methods": { "run": { "in": { "of": "borrow a" } } } } })"),
      "[plain] ");
}

TEST(Reentry, IsInEveryFunctionOfAClassThatTakesACallback) {
  EXPECT_EQ(reentry(R"("classes": { "plain": { "create": {} },
    "a": { "create": {}, "methods": { "listen": { "in": { "to": "callback told" } }, "run": {} } } })"),
            "a.create a.listen a.run [plain] [a] ");
}

TEST(Reentry, IsWhereAnObjectOfTheHostGoesOrComesFrom) {
  EXPECT_EQ(
      reentry(
          R"("classes": { "plain": { "create": {} }, "host": { "implemented_by": "host", "methods": { "call": {} } },
    "a": { "create": {}, "methods": { "call_on": { "in": { "it": "borrow host" } } } },
    "b": { "create": { "in": { "it": "own host" } } } })"),
      "host.call a.create a.call_on b.create [plain] [host] [a] ");
}

TEST(Reentry, GoesFromClassToClassByArgumentsResultsAndParents) {
  EXPECT_EQ(reentry(R"("classes": { "plain": { "create": {} },
    "a": { "create": { "in": { "to": "callback told" } } },
    "b": { "create": {}, "methods": { "call_on": { "in": { "it": "borrow a" } } } },
    "c": { "create": {}, "methods": { "make": { "out": "own b" }, "part": { "out": "own d" } } },
    "d": { "parent": "c", "methods": { "run": {} } },
    "e": { "create": {}, "methods": { "run": {} } } })"),
            "a.create b.create b.call_on c.create c.make c.part d.run [plain] [a] [b] [c] [d] ");
}

TEST(Reentry, MarksWhatIsBorrowedByACallThatReenters) {
  EXPECT_EQ(
      reentry(R"("classes": { "plain": { "create": {} }, "lent": { "create": {}, "methods": { "run": {} } },
    "a": { "create": {}, "methods": { "run": { "in": { "by": "borrow lent", "to": "callback told" } } } } })"),
      "a.create a.run [plain] [lent] [a] ");
}

TEST(Reentry, OfAFunctionWithoutAnObjectIsItsOwnUnlessItIsGivenACaller) {
  EXPECT_EQ(reentry(R"("functions": { "poke": { "in": { "it": "borrow host" } }, "add": {} },
    "classes": { "plain": { "create": {}, "methods": { "run": {} } }, "host": { "implemented_by": "host" } })"),
            "poke [plain] [host] ");
  EXPECT_EQ(reentry(R"("functions": { "log_to": { "in": { "it": "callback told" } }, "add": {} },
    "classes": { "plain": { "create": {}, "methods": { "run": {} } } })"),
            "plain.create plain.run log_to add [plain] ")
      << "it belongs to nobody, so anybody may call it";
}

TEST(Reentry, IsWhatTheDescriptionSaysIfItSaysSo) {
  EXPECT_EQ(reentry(R"("functions": { "add": { "reenters": true } }, "classes": { "plain": { "create": {} },
    "a": { "create": { "reenters": false }, "methods": { "listen": { "in": { "to": "callback told" }, "reenters": false }, "run": { "reenters": false } } },
    "b": { "create": {}, "methods": { "run": { "reenters": true } } } })"),
            "b.run add [plain] [b] ");
}

TEST(Reentry, IsNotOfAFunctionThatIsRealtime) {
  EXPECT_EQ(
      reentry(R"("functions": { "log_to": { "in": { "it": "callback told" } }, "add": { "realtime": true } },
    "classes": { "plain": { "create": {}, "methods": { "run": { "realtime": true }, "walk": { "realtime": false } } } })"),
      "plain.create plain.walk log_to [plain] ");
}

TEST(Reentry, OfAnArraysCreatorIsThatOfItsElements) {
  EXPECT_EQ(reentry(R"("classes": { "plain": { "create": {} }, "host": { "implemented_by": "host" },
    "a": { "arrays": true, "create": { "in": { "to": "borrow host" } } }, "b": { "arrays": true, "create": {} } })"),
            "a.create a_array.create [plain] [host] ");
}

}  // namespace
}  // namespace tally::generator
