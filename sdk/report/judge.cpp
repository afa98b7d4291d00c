// See judge.hpp.
#include "report/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tally::report {
namespace {

std::uint64_t hide(const Group& group, std::uint64_t count, std::vector<Suppression>& suppressions) {
  std::uint64_t hidden = 0;
  for (Suppression& each : suppressions) hidden += each.hide(group, count - hidden);
  return hidden;
}

/// Without what suppressions hide there as well.
std::map<std::string, std::uint64_t> known_from(const Report& baseline,
                                                std::vector<Suppression> suppressions) {
  for (Suppression& each : suppressions) each.hidden = 0;
  std::map<std::string, std::uint64_t> known;
  for (const auto& [group, count] : baseline.left)
    known[group.lasting_key()] += count - hide(group, count, suppressions);
  return known;
}

std::string in_words(const Suppression& suppression) {
  return fmt::format("suppression {} ({})", suppression.number, suppression.reason);
}

}  // namespace

std::uint64_t Verdict::count_fresh() const {
  std::uint64_t sum = 0;
  for (const Finding& each : fresh) sum += each.count;
  return sum;
}

Verdict judge(const Report& merged, const std::optional<Report>& baseline,
              std::vector<Suppression>& suppressions) {
  Verdict verdict;
  std::map<std::string, std::uint64_t> known;
  if (baseline) known = known_from(*baseline, suppressions);
  for (const auto& [group, count] : merged.left) {
    const std::uint64_t hidden = hide(group, count, suppressions);
    std::uint64_t& left = known[group.lasting_key()];
    const std::uint64_t of_baseline = std::min(left, count - hidden);
    left -= of_baseline;
    verdict.hidden += hidden;
    verdict.known += of_baseline;
    if (count > hidden + of_baseline) verdict.fresh.push_back({group, count - hidden - of_baseline});
  }
  for (const auto& [key, count] : known) verdict.gone += count;
  std::ranges::stable_sort(verdict.fresh,
                           [](const Finding& a, const Finding& b) { return a.count > b.count; });
  for (const Suppression& each : suppressions) {
    if (each.has_expired())
      verdict.remarks.push_back(
          fmt::format("{} has expired on {}, and hides nothing any more", in_words(each), each.until));
    else if (each.hidden == 0)
      verdict.remarks.push_back(fmt::format("{} matches nothing: it can go", in_words(each)));
  }
  return verdict;
}

}  // namespace tally::report
