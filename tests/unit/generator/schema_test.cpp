// The published schema is fit for editors, and is the one that the generator has built in.
#include "generator/load/schema.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <set>

namespace tally::generator {
namespace {

using nlohmann::json;

const json& schema() {
  static const json kSchema = json::parse(schema_text());
  return kSchema;
}

/// Calls `visit` with every subschema and the place it stands at.
void for_each_subschema(const json& node, const std::string& place,
                        const std::function<void(const json&, const std::string&)>& visit) {
  if (!node.is_object()) return;
  visit(node, place);
  for (const char* group : {"properties", "definitions"})
    if (node.contains(group))
      for (const auto& item : node[group].items())
        for_each_subschema(item.value(), place + "/" + group + "/" + item.key(), visit);
  for (const char* single : {"additionalProperties", "propertyNames"})
    if (node.contains(single)) for_each_subschema(node[single], place + "/" + single, visit);
}

TEST(Schema, IsDraft07) {
  EXPECT_EQ(schema()["$schema"], "http://json-schema.org/draft-07/schema#");
}

TEST(Schema, DescribesEveryKeyForEditors) {
  for_each_subschema(schema(), "", [](const json& node, const std::string& place) {
    EXPECT_TRUE(node.contains("description") || node.contains("$ref")) << place;
  });
}

TEST(Schema, ClosesEveryObject) {
  for_each_subschema(schema(), "", [](const json& node, const std::string& place) {
    if (node.contains("properties")) {
      EXPECT_TRUE(node.contains("additionalProperties")) << place;
    }
  });
}

TEST(Schema, UsesOnlyKeywordsWhoseMistakesAreTranslated) {
  const std::set<std::string> known = {"$ref",          "$schema",     "additionalProperties",
                                       "definitions",   "description", "enum",
                                       "maxLength",     "maximum",     "minProperties",
                                       "minimum",       "pattern",     "properties",
                                       "propertyNames", "required",    "title",
                                       "type",          "x-empty",     "x-expects"};
  for_each_subschema(schema(), "", [&](const json& node, const std::string& place) {
    for (const auto& item : node.items())
      EXPECT_TRUE(known.contains(item.key())) << place << ": " << item.key();
    if (node.contains("minProperties")) {
      EXPECT_TRUE(node.contains("x-empty")) << place;
    }
  });
}

TEST(Schema, RefersOnlyToWhatIsThere) {
  for_each_subschema(schema(), "", [](const json& node, const std::string& place) {
    if (node.contains("$ref")) {
      const auto target = node["$ref"].get<std::string>().substr(1);
      EXPECT_TRUE(schema().contains(json::json_pointer(target))) << place;
    }
  });
}

}  // namespace
}  // namespace tally::generator
