// JSON against the schemas that are built in.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace tally::report {

/// Of abi/schema: a report's, and a file of suppressions'.
const char* report_schema_text();
const char* suppressions_schema_text();

/// What is wrong, with its place, for the user; empty: nothing. `schema` is one of the above.
std::string find_mistake(const nlohmann::json& document, const char* schema);

}  // namespace tally::report
