// See report.hpp.
#include "report.hpp"

#include <algorithm>
#include <cstdio>

namespace bench {

bool Ratios::ReportContext(const Context&) {
  return true;
}

void Ratios::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type == Run::RT_Iteration)
      times_[run.run_name.function_name].push_back(run.GetAdjustedRealTime());
  }
}

double Ratios::median(const std::string& name) const {
  const auto found = times_.find(name);
  if (found == times_.end()) return 0;
  std::vector<double> times = found->second;
  std::ranges::sort(times);
  return times[times.size() / 2];
}

void Ratios::print(const std::vector<Row>& rows) const {
  std::printf("| what | ns | baseline | ns | ratio | target |\n| --- | --- | --- | --- | --- | --- |\n");
  for (const Row& row : rows) {
    const double measured = median(row.measured);
    const double baseline = median(row.baseline);
    if (measured == 0 || baseline == 0) continue;  // filtered out of this run
    const double ratio = measured / baseline;
    std::printf("| %s | %.2f | %s | %.2f | %.2fx | ", row.what.c_str(), measured, row.baseline.c_str(),
                baseline, ratio);
    if (row.target == 0) {
      std::printf("|\n");
    } else {
      std::printf("%.2fx%s |\n", row.target, ratio <= row.target ? "" : ", missed");
    }
  }
}

}  // namespace bench
