// The command line's subcommands: what each one is asked, and what it does. cli.cpp puts them together.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace tally::cli {

/// What the process tells its caller.
enum ExitCode {
  kFine = 0,
  kInputWrong = 1,  ///< a bad description, a missing file, a folder that can't be written to
  kUsageWrong =
      2,  ///< an unknown option, subcommand or language, or a missing argument; of report also a bad file
  kOutOfBalance = 1,  ///< of report
};

/// A command line that parses, but asks for what there isn't.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Streams {
  std::ostream& out;
  std::ostream& err;
};

struct GenOptions {
  std::string description;
  std::string out;
  std::vector<std::string> languages;  ///< none: all
};

struct CheckOptions {
  std::vector<std::string> descriptions;
  std::string history;  ///< empty: beside each description
};

struct LockOptions {
  std::string description;
  std::string history;  ///< empty: beside the description
};

struct InspectOptions {
  std::vector<std::string> files;
};

struct ReportOptions {
  std::vector<std::string> files;
  std::vector<std::string> baselines;
  std::string suppressions;  ///< empty: none
  std::string json;          ///< empty: not written
  std::string junit;         ///< empty: not written
  std::size_t limit = 100;   ///< sites in the text
  bool growth = false;
  bool misuses_fail = false;
};

CLI::App* add_gen(CLI::App& app, GenOptions& options);
ExitCode run_gen(const GenOptions& options, Streams streams);

CLI::App* add_check(CLI::App& app, CheckOptions& options);
ExitCode run_check(const CheckOptions& options, Streams streams);

CLI::App* add_lock(CLI::App& app, LockOptions& options);
ExitCode run_lock(const LockOptions& options, Streams streams);

CLI::App* add_inspect(CLI::App& app, InspectOptions& options);
ExitCode run_inspect(const InspectOptions& options, Streams streams);

CLI::App* add_report(CLI::App& app, ReportOptions& options);
ExitCode run_report(const ReportOptions& options, Streams streams);

}  // namespace tally::cli
