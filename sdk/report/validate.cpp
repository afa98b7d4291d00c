// See validate.hpp. In a file of its own, since valijson takes long to compile.
#include "report/validate.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace tally::report {

std::string find_mistake(const nlohmann::json& document, const char* schema) {
  const nlohmann::json rules = nlohmann::json::parse(schema);
  valijson::Schema compiled;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(rules), compiled);
  valijson::ValidationResults results;
  if (valijson::Validator().validate(compiled, valijson::adapters::NlohmannJsonAdapter(document), &results))
    return "";
  valijson::ValidationResults::Error error;
  results.popError(error);  // the first is the innermost
  std::string place;
  for (std::size_t i = 1; i < error.context.size(); ++i) {
    const std::string key = error.context[i].substr(1, error.context[i].size() - 2);
    const bool is_index = key.find_first_not_of("0123456789") == std::string::npos;
    place += is_index ? "[" + key + "]" : (place.empty() ? "" : ".") + key;
  }
  return (place.empty() ? "" : place + ": ") + error.description;
}

}  // namespace tally::report
