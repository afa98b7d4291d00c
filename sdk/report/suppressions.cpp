// See suppressions.hpp.
#include "report/suppressions.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "report/moment.hpp"
#include "report/validate.hpp"

namespace tally::report {
namespace {

using Json = nlohmann::json;

bool matches_pattern(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

Suppression suppression_from(const Json& json, std::size_t number) {
  Suppression suppression;
  suppression.class_name = json.value("class", "*");
  suppression.module = json.value("module", "*");
  suppression.place = json.value("place", "*");
  if (json.contains("count")) suppression.most = json.at("count").get<std::uint64_t>();
  suppression.reason = json.at("reason");
  suppression.until = json.at("until");
  suppression.number = number;
  return suppression;
}

}  // namespace

bool Suppression::matches(const Group& group) const {
  if (!matches_pattern(class_name, group.of.name) || !matches_pattern(module, group.of.module)) return false;
  if (matches_pattern(place, group.created.text())) return true;
  return std::ranges::any_of(group.stack,
                             [&](const Place& each) { return matches_pattern(place, each.text()); });
}

bool Suppression::has_expired() const {
  return until < today();
}

std::uint64_t Suppression::hide(const Group& group, std::uint64_t count) {
  if (has_expired() || !matches(group)) return 0;
  const std::uint64_t taken = most ? std::min(count, *most - hidden) : count;
  hidden += taken;
  return taken;
}

Suppressions read_suppressions(const std::string& path) {
  std::ifstream file(path);
  if (!file) return {{}, fmt::format("{}: can't be read: {}", path, std::strerror(errno))};
  Json document;
  try {
    document = Json::parse(file);
  } catch (const Json::parse_error& error) {
    return {{}, fmt::format("{}: is not JSON: {}", path, error.what())};
  }
  const std::string mistake = find_mistake(document, suppressions_schema_text());
  if (!mistake.empty())
    return {{},
            fmt::format("{}: {} (each needs a \"reason\" and \"until\", a day: 2027-01-31)", path, mistake)};
  Suppressions suppressions;
  for (const Json& each : document.at("suppressions"))
    suppressions.all.push_back(suppression_from(each, suppressions.all.size() + 1));
  return suppressions;
}

}  // namespace tally::report
