// See report.hpp.
#include "report/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "report/moment.hpp"
#include "tally/version.h"

namespace tally::report {
namespace {

/// "main at notes.c:10" -> "main at notes.c"; "a::b" stays.
std::string without_lines(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789";
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end =
        text[i] == ':' ? std::min(text.find_first_not_of(kDigits, i + 1), text.size()) : i;
    if (end <= i + 1) {
      result += text[i];
    } else {
      i = end - 1;
    }
  }
  return result;
}

const std::string& most_telling(const Place& place) {
  return place.where.empty() ? place.site : place.where;
}

nlohmann::ordered_json to_json(const Place& place) {
  nlohmann::ordered_json json{{"site", place.site}};
  if (!place.where.empty()) json["place"] = place.where;
  return json;
}

nlohmann::ordered_json to_json(const Group& group, std::uint64_t count) {
  nlohmann::ordered_json json{{"module", group.of.module},
                              {"class", group.of.name},
                              {"count", count},
                              {"deferred", group.is_deferred},
                              {"created", to_json(group.created)}};
  for (const Place& place : group.stack) json["stack"].push_back(to_json(place));
  return json;
}

void add(Report& sum, const Report& report) {
  sum.processes += report.processes;
  for (const auto& [of, more] : report.balances) {
    Balance& balance = sum.balances[of];
    balance.issued += more.issued;
    balance.retired += more.retired;
    balance.live += more.live;
    balance.deferred += more.deferred;
    balance.bytes += more.bytes;
  }
  for (const auto& [group, count] : report.left) sum.left[group] += count;
  for (const auto& [status, more] : report.misuses) {
    Misuse& misuse = sum.misuses[status];
    if (misuse.count == 0) misuse.first = more.first;
    misuse.count += more.count;
  }
}

/// Each process's reports, in the order in which it wrote them.
std::map<std::string, std::vector<const Report*>> by_process(const std::vector<Report>& reports) {
  std::map<std::string, std::vector<const Report*>> processes;
  for (const Report& report : reports) processes[report.process].push_back(&report);
  return processes;
}

/// From the report on in which it is first there.
std::vector<std::uint64_t> counts_of(const Group& group, const std::vector<const Report*>& reports) {
  std::vector<std::uint64_t> counts;
  for (const Report* report : reports) {
    const auto found = report->left.find(group);
    if (found != report->left.end())
      counts.push_back(found->second);
    else if (!counts.empty())
      counts.push_back(0);
  }
  return counts;
}

bool only_rises(const std::vector<std::uint64_t>& counts) {
  std::size_t rises = 0;
  for (std::size_t i = 1; i < counts.size(); ++i) {
    if (counts[i] < counts[i - 1]) return false;
    rises += counts[i] > counts[i - 1];
  }
  return rises >= 2;
}

}  // namespace

std::string Place::text() const {
  return where.empty() ? site : site + " (" + where + ")";
}

std::string Group::lasting_key() const {
  return of.module + '\n' + of.name + '\n' + without_lines(most_telling(created));
}

std::uint64_t Report::count_left() const {
  std::uint64_t sum = 0;
  for (const auto& [group, count] : left) sum += count;
  return sum;
}

Report merge(const std::vector<std::vector<Report>>& files) {
  Report merged;
  merged.moment = "merged";
  merged.time = now();
  merged.processes = 0;
  for (const std::vector<Report>& reports : files) {
    for (const auto& [process, each] : by_process(reports)) add(merged, *each.back());
  }
  return merged;
}

nlohmann::ordered_json to_json(const Report& merged) {
  nlohmann::ordered_json json{{"schema", "tallystick-report"},
                              {"version", 1},
                              {"release", TALLY_RELEASE_STRING},
                              {"moment", merged.moment},
                              {"time", merged.time},
                              {"processes", merged.processes},
                              {"balances", nlohmann::ordered_json::array()},
                              {"left", nlohmann::ordered_json::array()},
                              {"misuses", nlohmann::ordered_json::array()}};
  for (const auto& [of, balance] : merged.balances) {
    json["balances"].push_back({{"module", of.module},
                                {"class", of.name},
                                {"issued", balance.issued},
                                {"retired", balance.retired},
                                {"live", balance.live},
                                {"deferred", balance.deferred},
                                {"bytes", balance.bytes}});
  }
  for (const auto& [group, count] : merged.left) json["left"].push_back(to_json(group, count));
  for (const auto& [status, misuse] : merged.misuses)
    json["misuses"].push_back({{"status", status}, {"count", misuse.count}, {"first", misuse.first}});
  return json;
}

std::map<std::string, std::uint64_t> by_lasting_key(const Report& report) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [group, count] : report.left) counts[group.lasting_key()] += count;
  return counts;
}

std::vector<Growth> growth(const std::vector<std::vector<Report>>& files) {
  std::vector<Growth> growing;
  for (const std::vector<Report>& reports : files) {
    for (const auto& [process, each] : by_process(reports)) {
      if (each.size() < 3) continue;
      for (const auto& [group, count] : each.back()->left) {
        std::vector<std::uint64_t> counts = counts_of(group, each);
        if (only_rises(counts)) growing.push_back({group, process, std::move(counts)});
      }
    }
  }
  std::ranges::stable_sort(growing, [](const Growth& a, const Growth& b) {
    return a.counts.back() - a.counts.front() > b.counts.back() - b.counts.front();
  });
  return growing;
}

}  // namespace tally::report
