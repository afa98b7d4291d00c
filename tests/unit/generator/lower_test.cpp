// What a good description means. Mistakes are tested by the files in mistakes/.
#include "generator/lower/lower.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "generator/generate.hpp"
#include "generator/lower/errors.hpp"
#include "tally/status.h"

namespace tally::generator {
namespace {

using model::Passing;
using model::Scalar;

model::Interface lowered(const std::string& text) {
  Loaded loaded = load_text("f", text);
  EXPECT_EQ(loaded.diagnostics.text(), "");
  return loaded.interface.value();
}

/// The parameters of a creator that takes `in`, given as the inside of a JSON object.
std::vector<model::Parameter> parameters(const std::string& in) {
  const auto interface = lowered(
      R"({ "interface": "i", "version": "1.0", "enums": { "mode": { "values": { "fast": "", "small": "" } } },
                                      "classes": { "thing": { "create": { "in": {)" +
      in + "} } } } }");
  return interface.classes.at(0).creators.at(0).parameters;
}

const char* const kCodec = R"({
  "$schema": "interface.schema.json",
  "interface": "codec", "version": "1.2",
  "doc": "Packs.",
  "errors": { "late": { "doc": "Late.", "since": "1.2" }, "corrupt_input": "Corrupt.", "middle": { "since": "1.1" }, "last": "" },
  "enums": {
    "mode": { "doc": "What to favour.", "values": { "fast": "Speed.", "small": { "doc": "Size.", "value": 7 }, "tiny": "" } },
    "level": { "since": "1.1", "values": { "low": { "value": -2147483648 }, "high": { "value": 2147483647, "since": "1.2" } } }
  },
  "classes": {
    "encoder": {
      "doc": "An encoder.", "threads": "confined",
      "create": { "doc": "Opens.", "in": { "mode": { "type": "mode = small", "doc": "How." } } },
      "creators": { "open_like": { "since": "1.1", "in": { "model": "borrow encoder", "end": "own decoder" } } },
      "methods": {
        "write": { "doc": "Writes.", "in": { "chunk": "bytes", "name": "borrow string" }, "out": { "type": "own bytes", "doc": "Packed." } },
        "finish": { "self": "own", "out": "own decoder" },
        "size": { "since": "1.2", "self": "borrow", "out": "u64" },
        "reset": {}
      }
    },
    "decoder": {},
    "late_one": { "since": "1.1", "create": {}, "methods": { "run": {}, "run_on": { "since": "1.2" } } }
  }
})";

TEST(Lower, ReadsTheInterface) {
  const auto codec = lowered(kCodec);
  EXPECT_EQ(codec.name, "codec");
  EXPECT_EQ(codec.doc, "Packs.");
  EXPECT_EQ(codec.version, (model::Version{1, 2}));
}

TEST(Lower, NumbersErrorsByVersionThenByOrder) {
  const auto codec = lowered(kCodec);
  ASSERT_EQ(codec.errors.size(), 4U);
  EXPECT_EQ(codec.errors[0].name, "late");
  EXPECT_EQ(codec.errors[0].doc, "Late.");
  EXPECT_EQ(codec.errors[0].since, (model::Version{1, 2}));
  EXPECT_EQ(codec.errors[0].status, -1003);
  EXPECT_EQ(codec.errors[1].doc, "Corrupt.");
  EXPECT_EQ(codec.errors[1].status, -1000);
  EXPECT_EQ(codec.errors[2].status, -1002);
  EXPECT_EQ(codec.errors[3].status, -1001);
  EXPECT_EQ(codec.errors[3].since, (model::Version{1, 0}));
}

TEST(Lower, StartsErrorsWhereTheAbiSays) {
  EXPECT_EQ(kFirstErrorStatus, TALLY_STATUS_FIRST_OF_INTERFACE);
}

TEST(Lower, CountsEnumValuesUp) {
  const auto codec = lowered(kCodec);
  ASSERT_EQ(codec.enums.size(), 2U);
  const model::Enum& mode = codec.enums[0];
  EXPECT_EQ(mode.doc, "What to favour.");
  EXPECT_EQ(mode.values[0].value, 0);
  EXPECT_EQ(mode.values[0].doc, "Speed.");
  EXPECT_EQ(mode.values[1].value, 7);
  EXPECT_EQ(mode.values[1].doc, "Size.");
  EXPECT_EQ(mode.values[2].value, 8);
  EXPECT_EQ(codec.enums[1].values[0].value, std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(codec.enums[1].values[1].value, std::numeric_limits<std::int32_t>::max());
}

TEST(Lower, GivesPartsTheVersionOfTheirWholeUnlessTheySay) {
  const auto codec = lowered(kCodec);
  EXPECT_EQ(codec.enums[1].values[0].since, (model::Version{1, 1}));
  EXPECT_EQ(codec.enums[1].values[1].since, (model::Version{1, 2}));
  EXPECT_EQ(codec.classes[0].since, (model::Version{1, 0}));
  EXPECT_EQ(codec.classes[0].creators[1].since, (model::Version{1, 1}));
  EXPECT_EQ(codec.classes[2].creators[0].since, (model::Version{1, 1}));
  EXPECT_EQ(codec.classes[2].methods[0].since, (model::Version{1, 1}));
  EXPECT_EQ(codec.classes[2].methods[1].since, (model::Version{1, 2}));
}

TEST(Lower, ReadsCreators) {
  const model::Class encoder = lowered(kCodec).classes[0];
  EXPECT_EQ(encoder.name, "encoder");
  EXPECT_EQ(encoder.doc, "An encoder.");
  ASSERT_EQ(encoder.creators.size(), 2U);
  EXPECT_EQ(encoder.creators[0].name, "create");
  EXPECT_EQ(encoder.creators[0].doc, "Opens.");
  const model::Parameter& mode = encoder.creators[0].parameters.at(0);
  EXPECT_EQ(mode.name, "mode");
  EXPECT_EQ(mode.doc, "How.");
  EXPECT_EQ(std::get<model::EnumType>(mode.type).index, 0U);
  EXPECT_EQ(std::get<model::EnumDefault>(*mode.default_value).value, 1U);
  const auto& like = encoder.creators[1].parameters;
  EXPECT_EQ(std::get<model::ClassType>(like.at(0).type).index, 0U);
  EXPECT_EQ(like[0].passing, Passing::borrow);
  EXPECT_EQ(std::get<model::ClassType>(like.at(1).type).index, 1U);
  EXPECT_EQ(like[1].passing, Passing::own);
}

TEST(Lower, ReadsMethodsInOrder) {
  const auto methods = lowered(kCodec).classes[0].methods;
  ASSERT_EQ(methods.size(), 4U);
  EXPECT_EQ(methods[0].name, "write");
  EXPECT_EQ(methods[0].doc, "Writes.");
  EXPECT_FALSE(methods[0].consumes_self);
  EXPECT_TRUE(std::holds_alternative<model::Bytes>(methods[0].parameters.at(0).type));
  EXPECT_EQ(methods[0].parameters[0].passing, Passing::borrow);
  EXPECT_TRUE(std::holds_alternative<model::Text>(methods[0].parameters.at(1).type));
  EXPECT_EQ(methods[0].parameters[1].passing, Passing::borrow);
  EXPECT_EQ(methods[0].result->doc, "Packed.");
  EXPECT_TRUE(std::holds_alternative<model::Bytes>(methods[0].result->type));
  EXPECT_EQ(methods[0].result->passing, Passing::own);
  EXPECT_TRUE(methods[1].consumes_self);
  EXPECT_EQ(std::get<model::ClassType>(methods[1].result->type).index, 1U);
  EXPECT_EQ(std::get<Scalar>(methods[2].result->type), Scalar::u64);
  EXPECT_EQ(methods[2].result->passing, Passing::value);
  EXPECT_FALSE(methods[3].result);
}

TEST(Lower, KnowsEveryScalar) {
  const std::pair<const char*, Scalar> scalars[] = {
      {"bool", Scalar::boolean}, {"i8", Scalar::i8},   {"i16", Scalar::i16}, {"i32", Scalar::i32},
      {"i64", Scalar::i64},      {"u8", Scalar::u8},   {"u16", Scalar::u16}, {"u32", Scalar::u32},
      {"u64", Scalar::u64},      {"f32", Scalar::f32}, {"f64", Scalar::f64}};
  for (const auto& [name, scalar] : scalars)
    EXPECT_EQ(std::get<Scalar>(parameters(R"("x": ")" + std::string(name) + "\"").at(0).type), scalar)
        << name;
}

template <typename T>
T default_of(const std::string& type) {
  return std::get<T>(parameters(R"("x": ")" + type + "\"").at(0).default_value.value());
}

TEST(Lower, ReadsDefaultsAsValuesOfTheirType) {
  EXPECT_EQ(default_of<bool>("bool = true"), true);
  EXPECT_EQ(default_of<bool>("bool=false"), false);
  EXPECT_EQ(default_of<std::int64_t>("i8 = -128"), -128);
  EXPECT_EQ(default_of<std::int64_t>("i8 = 127"), 127);
  EXPECT_EQ(default_of<std::int64_t>("i32 = -0"), 0);
  EXPECT_EQ(default_of<std::int64_t>("i64 = -9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(default_of<std::int64_t>("i64 = 9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(default_of<std::uint64_t>("u8 = 255"), 255U);
  EXPECT_EQ(default_of<std::uint64_t>("u64 = 18446744073709551615"),
            std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(default_of<double>("f32 = 1"), 1.0);
  EXPECT_EQ(default_of<double>("f32 = 3.4028234663852886e38"),
            static_cast<double>(std::numeric_limits<float>::max()));
  EXPECT_EQ(default_of<double>("f64 = -2.5e-3"), -2.5e-3);
  EXPECT_EQ(default_of<double>("f64 = 1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(default_of<model::EnumDefault>("mode = small").value, 1U);
}

TEST(Lower, UnescapesDefaultTexts) {
  EXPECT_EQ(default_of<std::string>(R"(string = \"\")"), "");
  EXPECT_EQ(default_of<std::string>(R"(  string  =  \"a = b\"  )"), "a = b");
  EXPECT_EQ(default_of<std::string>(R"(string = \"\\n\\u00e4\\\"\")"), "\nä\"");
}

TEST(Lower, TakesDefaultsOnTheLastParametersOnly) {
  const auto all = parameters(R"("a": "i32", "b": "i32 = 1", "c": { "type": "bool = true" })");
  EXPECT_FALSE(all.at(0).default_value);
  EXPECT_TRUE(all.at(1).default_value);
  EXPECT_TRUE(all.at(2).default_value);
}

TEST(Lower, AcceptsClassesThatAreObtainedThroughOthers) {
  lowered(R"({ "interface": "i", "version": "0.1", "classes": {
    "third": {}, "second": { "methods": { "next": { "in": { "by": "borrow first" }, "out": "own third" } } },
    "first": { "create": {}, "methods": { "next": { "out": "own second" } } } } })");
}

TEST(Lower, GivesNoModelWhenAnythingIsWrong) {
  Diagnostics diagnostics("f");
  const auto document = Document::parse(
      R"({ "interface": "i", "version": "1.0", "classes": { "thing": { "create": {} } } })", diagnostics);
  diagnostics.add({{1, 1}, "", "found before"});
  EXPECT_FALSE(lower(*document, diagnostics));
}

}  // namespace
}  // namespace tally::generator
