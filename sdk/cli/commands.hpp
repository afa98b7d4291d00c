// The command line's subcommands: what each one is asked, and what it does. cli.cpp puts them together.
#pragma once

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
  kUsageWrong = 2,  ///< an unknown option, subcommand or language, or a missing argument
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
};

CLI::App* add_gen(CLI::App& app, GenOptions& options);
ExitCode run_gen(const GenOptions& options, Streams streams);

CLI::App* add_check(CLI::App& app, CheckOptions& options);
ExitCode run_check(const CheckOptions& options, Streams streams);

}  // namespace tally::cli
