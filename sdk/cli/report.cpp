// tallystick report: merges the reports of processes and judges them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.hpp"
#include "report/judge.hpp"
#include "report/render.hpp"
#include "report/report.hpp"
#include "report/suppressions.hpp"

namespace tally::cli {
namespace {

using Files = std::vector<std::vector<report::Report>>;

/// Nothing, and what is wrong with each, if one can't be read.
std::optional<Files> read_all(const std::vector<std::string>& paths, std::ostream& err) {
  Files files;
  bool all_are_good = true;
  for (const std::string& path : paths) {
    report::Read read = report::read(path);
    if (!read.problem.empty()) err << "tallystick: " << read.problem << '\n';
    all_are_good = all_are_good && read.problem.empty();
    files.push_back(std::move(read.reports));
  }
  if (!all_are_good) return std::nullopt;
  return files;
}

bool write(const std::string& path, const std::string& text, std::ostream& err) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  file.close();
  if (!file) err << fmt::format("tallystick: {}: can't be written: {}\n", path, std::strerror(errno));
  return static_cast<bool>(file);
}

ExitCode show_growth(const Files& files, std::size_t limit, std::ostream& out) {
  const std::vector<report::Growth> growing = report::growth(files);
  out << report::as_text(growing, limit);
  return growing.empty() ? kFine : kOutOfBalance;
}

ExitCode judge(const ReportOptions& options, const Files& files,
               const std::optional<report::Report>& baseline, std::vector<report::Suppression>& suppressions,
               Streams streams) {
  const report::Report merged = report::merge(files);
  const report::Verdict verdict = report::judge(merged, baseline, suppressions);
  streams.out << report::as_text(merged, verdict, options.limit);
  bool is_written = true;
  if (!options.json.empty()) is_written = write(options.json, to_json(merged).dump() + "\n", streams.err);
  if (!options.junit.empty())
    is_written =
        write(options.junit, as_junit(merged, verdict, options.misuses_fail), streams.err) && is_written;
  if (!is_written) return kUsageWrong;
  const bool is_fine = verdict.fresh.empty() && !(options.misuses_fail && !merged.misuses.empty());
  return is_fine ? kFine : kOutOfBalance;
}

}  // namespace

CLI::App* add_report(CLI::App& app, ReportOptions& options) {
  CLI::App* const report = app.add_subcommand(
      "report", "Merge the reports that processes have written, and say what is out of balance");
  report->add_option("FILE", options.files, "Reports: what TALLY_REPORT=FILE has made of processes")
      ->required();
  report
      ->add_option("--baseline", options.baselines, "Reports of another run: only what is not in them counts")
      ->allow_extra_args(false)
      ->type_name("FILE");
  report
      ->add_option("--suppressions", options.suppressions,
                   "What may be left, why, and until when: a JSON file")
      ->type_name("FILE");
  report->add_flag("--growth", options.growth,
                   "Instead: which sites only ever have more, from report to report");
  report->add_flag("--misuses", options.misuses_fail, "Misuses count as well");
  report->add_option("--limit", options.limit, "At most so many sites in the text")->capture_default_str();
  report->add_option("--json", options.json, "Write the merged report, which can be a baseline")
      ->type_name("FILE");
  report->add_option("--junit", options.junit, "Write the verdict as JUnit XML, a test case for each class")
      ->type_name("FILE");
  report->footer(
      "Programs write a report as they end if TALLY_REPORT=FILE is in the environment (\"%p\" in it is the "
      "process's\n"
      "id), and at other moments with TALLY_REPORT_ON=exit,misuse,USR1. Of each process the last one "
      "counts.\n"
      "A suppression is {\"class\", \"module\", \"place\": patterns, \"count\", \"reason\", \"until\": "
      "\"2027-01-31\"}, in\n"
      "{\"suppressions\": [...]}; the last two must be there.\n\n"
      "Exit codes: 0 in balance, 1 out of balance, 2 a file or the command line is wrong.\n\n"
      "Examples:\n"
      "  TALLY_REPORT=out/%p.json ctest; tallystick report out/*.json\n"
      "  tallystick report out/*.json --json baseline.json\n"
      "  tallystick report out/*.json --baseline baseline.json --junit balance.xml\n"
      "  tallystick report server.json --growth");
  return report;
}

ExitCode run_report(const ReportOptions& options, Streams streams) {
  const std::optional<Files> files = read_all(options.files, streams.err);
  const std::optional<Files> before = read_all(options.baselines, streams.err);
  report::Suppressions suppressions;
  if (!options.suppressions.empty()) suppressions = report::read_suppressions(options.suppressions);
  if (!suppressions.problem.empty()) streams.err << "tallystick: " << suppressions.problem << '\n';
  if (!files || !before || !suppressions.problem.empty()) return kUsageWrong;
  if (options.growth) return show_growth(*files, options.limit, streams.out);
  std::optional<report::Report> baseline;
  if (!before->empty()) baseline = report::merge(*before);
  return judge(options, *files, baseline, suppressions.all, streams);
}

}  // namespace tally::cli
