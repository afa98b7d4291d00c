// The report: medians, and each measured thing as a ratio of its baseline, beside the target that the design
// sets.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace bench {

struct Row {
  std::string what;
  std::string measured;  ///< name of a benchmark
  std::string baseline;  ///< name of another of the same run
  double target;         ///< the ratio that it should be at most; 0: none is set
};

/// Collects the medians of a run; print() shows the rows.
class Ratios : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void print(const std::vector<Row>& rows) const;

 private:
  double median(const std::string& name) const;

  std::map<std::string, std::vector<double>> times_;  // nanoseconds, one for each repetition
};

}  // namespace bench
