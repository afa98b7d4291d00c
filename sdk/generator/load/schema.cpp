// valijson finds what is wrong; its texts only tell us which kind of mistake was found at which place. What
// the message says is read out of the schema and the document there, so it can name keys, values and near
// misses.
#include "generator/load/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#include <vector>

#include "generator/text/words.hpp"

namespace tally::generator {
namespace {

/// The kinds of mistakes, the most telling first: of several at one value, the first is reported.
enum class Mistake { type, unknown_key, missing_key, choice, pattern, empty, consequence };

/// How valijson 1.0's texts begin. Any other text is a consequence of another mistake ("Failed to validate
/// against").
Mistake mistake_of(std::string_view description) {
  static constexpr std::array<std::pair<std::string_view, Mistake>, 6> kTexts = {{
      {"Value type not permitted", Mistake::type},
      {"Object contains a property that could not be validated", Mistake::unknown_key},
      {"Missing required property", Mistake::missing_key},
      {"Failed to match against any enum values", Mistake::choice},
      {"Failed to match regex", Mistake::pattern},
      {"Object should have no fewer", Mistake::empty},
  }};
  for (const auto& [text, mistake] : kTexts)
    if (description.starts_with(text)) return mistake;
  return Mistake::consequence;
}

const nlohmann::json& schema() {
  static const nlohmann::json kSchema = nlohmann::json::parse(schema_text());
  return kSchema;
}

const nlohmann::json& resolved(const nlohmann::json& schema_node) {
  const auto reference = schema_node.find("$ref");
  if (reference == schema_node.end()) return schema_node;
  return schema().at(nlohmann::json::json_pointer(reference->get<std::string>().substr(1)));
}

/// The schema of the value under `key`; null if it has none.
const nlohmann::json* schema_of_member(const nlohmann::json& object_schema, const std::string& key) {
  if (const auto properties = object_schema.find("properties"); properties != object_schema.end())
    if (const auto found = properties->find(key); found != properties->end()) return &resolved(*found);
  const auto additional = object_schema.find("additionalProperties");
  return additional != object_schema.end() && additional->is_object() ? &resolved(*additional) : nullptr;
}

/// A place in the document with the schema that rules there.
struct Place {
  Path path;
  const Json* value;
  const nlohmann::json* rule;
};

/// The place that valijson calls {"<root>", "[classes]", "[encoder]"}.
Place place_of(const Document& document, const std::vector<std::string>& context) {
  Place place{{}, &document.root(), &schema()};
  for (std::size_t i = 1; i < context.size(); ++i) {
    const std::string key = context[i].substr(1, context[i].size() - 2);
    place = {place.path.child(key), &place.value->at(key), schema_of_member(*place.rule, key)};
  }
  return place;
}

std::vector<std::string> texts_of(const nlohmann::json& array) {
  if (array.is_string()) return {array.get<std::string>()};
  return array.get<std::vector<std::string>>();
}

std::vector<std::string> keys_of(const nlohmann::json& object_schema) {
  std::vector<std::string> keys;
  for (const auto& item : object_schema.at("properties").items()) keys.push_back(item.key());
  return keys;
}

std::string kind_in_words(const std::string& type) {
  if (type == "integer") return "a whole number";
  if (type == "object") return "an object";
  return "a " + type;
}

std::string kind_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_array()) return "an array";
  if (value.is_number()) return "the number " + value.dump();
  return kind_in_words(value.type_name());
}

std::vector<std::string> unknown_keys_of(const Place& place) {
  std::vector<std::string> keys;
  for (const auto& item : place.value->items())
    if (schema_of_member(*place.rule, item.key()) == nullptr) keys.push_back(item.key());
  return keys;
}

class Translator {
 public:
  Translator(const Document& document, Diagnostics& diagnostics)
      : document_(document), diagnostics_(diagnostics) {}

  void translate(const Place& place, Mistake mistake) {
    switch (mistake) {
      case Mistake::type:
        return wrong_type(place);
      case Mistake::unknown_key:
        return unknown_keys(place);
      case Mistake::missing_key:
        return missing_keys(place);
      case Mistake::choice:
        return wrong_choice(place);
      case Mistake::pattern:
        return wrong_pattern(place);
      case Mistake::empty:
        return complain(place, place.rule->at("x-empty").get<std::string>());
      case Mistake::consequence:
        return;
    }
  }

 private:
  void wrong_type(const Place& place) {
    std::vector<std::string> kinds = texts_of(place.rule->at("type"));
    std::ranges::transform(kinds, kinds.begin(), kind_in_words);
    const std::string expected = place.rule->value("x-expects", join_with_or(kinds));
    complain(place, fmt::format("must be {}, not {}", expected, kind_of(*place.value)));
  }

  /// valijson names only one of an object's unknown keys.
  void unknown_keys(const Place& place) {
    for (const std::string& key : unknown_keys_of(place))
      diagnostics_.add({document_.key_position(place.path.child(key)), place.path.dotted(),
                        "unknown key " + in_quotes(key), closest(key, keys_of(*place.rule))});
  }

  /// A key that is misspelt is not missing as well.
  void missing_keys(const Place& place) {
    std::vector<std::optional<std::string>> meant;
    for (const std::string& key : unknown_keys_of(place)) meant.push_back(closest(key, keys_of(*place.rule)));
    for (const std::string& key : texts_of(place.rule->at("required")))
      if (!place.value->contains(key) && std::ranges::find(meant, key) == meant.end())
        complain(place, fmt::format("'{}' is missing", key));
  }

  void wrong_choice(const Place& place) {
    const std::vector<std::string> choices = texts_of(place.rule->at("enum"));
    std::vector<std::string> shown;
    std::ranges::transform(choices, std::back_inserter(shown), in_quotes);
    const auto value = place.value->get<std::string>();
    complain(place, fmt::format("must be {}, not {}", join_with_or(shown), in_quotes(value)),
             closest(value, choices));
  }

  void wrong_pattern(const Place& place) {
    const auto expects = place.rule->find("x-expects");
    if (expects == place.rule->end()) return;
    complain(place, fmt::format("must be {}, not {}", expects->get<std::string>(),
                                in_quotes(place.value->get<std::string>())));
  }

  void complain(const Place& place, std::string message,
                std::optional<std::string> suggestion = std::nullopt) {
    diagnostics_.add({document_.value_position(place.path), place.path.dotted(), std::move(message),
                      std::move(suggestion)});
  }

  const Document& document_;
  Diagnostics& diagnostics_;
};

using Found = std::pair<std::vector<std::string>, Mistake>;

/// What was found, once for each place and kind.
std::set<Found> collect(const valijson::ValidationResults& results) {
  std::set<Found> found;
  for (const auto& error : results) found.emplace(error.context, mistake_of(error.description));
  return found;
}

/// A value of the wrong kind breaks its other rules as well; only an object can have several mistakes of its
/// own.
bool is_overshadowed(const Found& mistake, const std::set<Found>& all) {
  return mistake.second != Mistake::type && all.contains({mistake.first, Mistake::type});
}

}  // namespace

bool validate_shape(const Document& document, Diagnostics& diagnostics) {
  valijson::Schema rules;
  valijson::SchemaParser parser;
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema()), rules);
  const nlohmann::json plain = document.root();
  valijson::ValidationResults results;
  const bool is_valid =
      valijson::Validator().validate(rules, valijson::adapters::NlohmannJsonAdapter(plain), &results);

  const std::set<Found> all = collect(results);
  Translator translator(document, diagnostics);
  for (const Found& mistake : all)
    if (mistake.second != Mistake::consequence && !is_overshadowed(mistake, all))
      translator.translate(place_of(document, mistake.first), mistake.second);
  return is_valid;
}

}  // namespace tally::generator
