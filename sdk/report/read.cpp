// Files of reports.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "report/report.hpp"
#include "report/validate.hpp"

namespace tally::report {
namespace {

using Json = nlohmann::json;

Place place_from(const Json& json) {
  return {json.at("site"), json.value("place", "")};
}

std::string process_from(const Json& document) {
  const auto process = document.find("process");
  if (process == document.end()) return "merged";
  return fmt::format("{} ({})", process->at("program").get<std::string>(),
                     process->at("id").get<std::int64_t>());
}

Report report_from(const Json& document) {
  Report report;
  report.moment = document.at("moment");
  report.time = document.at("time");
  report.process = process_from(document);
  report.processes = document.value("processes", std::uint64_t{1});
  for (const Json& each : document.at("balances")) {
    report.balances[{each.at("module"), each.at("class")}] = {
        each.at("issued"), each.at("retired"), each.at("live"), each.at("deferred"), each.at("bytes")};
  }
  for (const Json& each : document.at("left")) {
    Group group{
        {each.at("module"), each.at("class")}, each.at("deferred"), place_from(each.at("created")), {}};
    for (const Json& place : each.value("stack", Json::array())) group.stack.push_back(place_from(place));
    report.left[std::move(group)] += each.at("count").get<std::uint64_t>();
  }
  for (const Json& each : document.at("misuses"))
    report.misuses[each.at("status")] = {each.at("count"), each.at("first")};
  return report;
}

std::string problem_with(const Json& document) {
  if (document.is_discarded()) return "is not JSON: was its process killed while it wrote?";
  if (!document.is_object() || document.value("schema", Json()) != "tallystick-report")
    return "is no report of Tallystick's (TALLY_REPORT, tally_report_write, 'tallystick report --json')";
  const std::string mistake = find_mistake(document, report_schema_text());
  return mistake.empty() ? "" : "is not as a report is: " + mistake;
}

}  // namespace

Read read(const std::string& path) {
  std::ifstream file(path);
  if (!file) return {{}, fmt::format("{}: can't be read: {}", path, std::strerror(errno))};
  Read result;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const Json document = Json::parse(line, nullptr, false);
    const std::string problem = problem_with(document);
    if (!problem.empty()) return {{}, fmt::format("{}:{}: the line {}", path, number, problem)};
    result.reports.push_back(report_from(document));
  }
  if (file.bad()) return {{}, fmt::format("{}: can't be read: {}", path, std::strerror(errno))};
  if (result.reports.empty()) return {{}, path + ": holds no report: its process has written none"};
  return result;
}

}  // namespace tally::report
