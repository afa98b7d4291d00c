// What of a report is new: neither suppressed nor known from a baseline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/report.hpp"
#include "report/suppressions.hpp"

namespace tally::report {

struct Finding {
  Group group;
  std::uint64_t count = 0;
};

struct Verdict {
  std::vector<Finding> fresh;        ///< the largest first: what is out of balance
  std::uint64_t known = 0;           ///< in the baseline as well
  std::uint64_t hidden = 0;          ///< by suppressions
  std::uint64_t gone = 0;            ///< in the baseline, and no more
  std::vector<std::string> remarks;  ///< on suppressions that have expired or match nothing

  std::uint64_t count_fresh() const;
};

/// `suppressions` count what they hide.
Verdict judge(const Report& merged, const std::optional<Report>& baseline,
              std::vector<Suppression>& suppressions);

}  // namespace tally::report
