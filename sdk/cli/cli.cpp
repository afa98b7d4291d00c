// Parsing, and the answers to command lines that can't be parsed: CLI11 says that something is wrong, this
// file says what was probably meant.
#include "cli/cli.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <ostream>

#include "cli/commands.hpp"
#include "generator/load/diagnostic.hpp"
#include "generator/text/words.hpp"
#include "tally/version.h"

namespace tally::cli {
namespace {

std::string version_text() {
  return fmt::format("tallystick {} (ABI {}.{})", TALLY_RELEASE_STRING, TALLY_ABI_MAJOR, TALLY_ABI_MINOR);
}

class Command {
 public:
  Command() {
    app_.set_version_flag("--version", version_text(), "Print the versions of the SDK and of its ABI");
    app_.require_subcommand(1);
    app_.footer(
        "Examples:\n"
        "  tallystick check codec.json\n"
        "  tallystick gen codec.json --out generated\n"
        "  tallystick lock codec.json\n"
        "  tallystick inspect codec_zlib.so\n"
        "  tallystick report out/*.json\n\n"
        "'tallystick SUBCOMMAND --help' tells more.\n"
        "Exit codes: 0 fine, 1 the input is wrong, 2 the command line is wrong.");
    gen_ = add_gen(app_, gen_options_);
    check_ = add_check(app_, check_options_);
    lock_ = add_lock(app_, lock_options_);
    inspect_ = add_inspect(app_, inspect_options_);
    report_ = add_report(app_, report_options_);
  }

  int run(std::vector<std::string> arguments, Streams streams) {
    try {
      std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
      app_.parse(arguments);
      if (*gen_) return run_gen(gen_options_, streams);
      if (*check_) return run_check(check_options_, streams);
      if (*lock_) return run_lock(lock_options_, streams);
      return *inspect_ ? run_inspect(inspect_options_, streams) : run_report(report_options_, streams);
    } catch (const CLI::Success& success) {
      return app_.exit(success, streams.out, streams.err);
    } catch (const CLI::ParseError& error) {
      return refuse(explain(error), streams);
    } catch (const UsageError& error) {
      return refuse(error.what(), streams);
    }
  }

 private:
  int refuse(const std::string& why, Streams streams) const {
    const CLI::App* const subcommand = chosen();
    streams.err << fmt::format("tallystick: {}\nTry 'tallystick {}--help'.\n", why,
                               subcommand == nullptr ? "" : subcommand->get_name() + " ");
    return kUsageWrong;
  }

  const CLI::App* chosen() const {
    for (const CLI::App* subcommand : {gen_, check_, lock_, inspect_, report_}) {
      if (subcommand->parsed()) return subcommand;
    }
    return nullptr;
  }

  std::string explain(const CLI::ParseError& error) const {
    // An argument that nobody wants explains more than one that is missing.
    for (const std::string& extra : app_.remaining(true))
      if (extra != "--") return explain_extra(extra);
    if (chosen() == nullptr) return "a subcommand is missing: 'gen', 'check', 'lock', 'inspect' or 'report'";
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) return explain_missing();
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) return explain_mismatch(error.what());
    return error.what();
  }

  /// CLI11's texts on wrong numbers of values begin with the option's name and a colon.
  std::string explain_mismatch(const std::string& text) const {
    const std::string name = text.substr(0, text.find(':'));
    const CLI::Option* const option = chosen()->get_option_no_throw(name);
    return fmt::format("'{}' {}", name,
                       option != nullptr && option->count() > 1 ? "stands more than once" : "needs a value");
  }

  std::string explain_extra(const std::string& extra) const {
    const CLI::App* const subcommand = chosen();
    if (extra.starts_with('-')) {
      const std::string name = extra.substr(0, extra.find('='));
      const std::vector<std::string> known = options_of(subcommand == nullptr ? &app_ : subcommand);
      if (std::ranges::find(known, name) != known.end())
        return fmt::format("'{}' can't stand behind '--'", name);
      return with_suggestion("unknown option " + generator::in_quotes(name), name, known);
    }
    if (subcommand == nullptr)
      return with_suggestion("unknown subcommand " + generator::in_quotes(extra), extra,
                             {"gen", "check", "lock", "inspect", "report"});
    return fmt::format("'{}' takes one description; {} is one too many", subcommand->get_name(),
                       generator::in_quotes(extra));
  }

  std::string explain_missing() const {
    if (chosen() == check_) return "'check' needs at least one DESCRIPTION";
    if (chosen() == lock_) return "'lock' needs a DESCRIPTION";
    if (chosen() == inspect_) return "'inspect' needs at least one FILE";
    if (chosen() == report_) return "'report' needs at least one FILE";
    return gen_->get_option("DESCRIPTION")->empty() ? "'gen' needs a DESCRIPTION"
                                                    : "'gen' needs '--out DIR', the folder to write to";
  }

  static std::string with_suggestion(std::string text, const std::string& word,
                                     const std::vector<std::string>& candidates) {
    if (const auto meant = generator::closest(word, candidates))
      text += fmt::format(" (did you mean '{}'?)", *meant);
    return text;
  }

  static std::vector<std::string> options_of(const CLI::App* app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    return names;
  }

  CLI::App app_{
      "Tallystick: from one interface description, native code across a C ABI that keeps its balance.",
      "tallystick"};
  GenOptions gen_options_;
  CheckOptions check_options_;
  LockOptions lock_options_;
  InspectOptions inspect_options_;
  ReportOptions report_options_;
  CLI::App* gen_ = nullptr;
  CLI::App* check_ = nullptr;
  CLI::App* lock_ = nullptr;
  CLI::App* inspect_ = nullptr;
  CLI::App* report_ = nullptr;
};

}  // namespace

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  try {
    const int code = Command().run(arguments, {out, err});
    out.flush();
    if (out) return code;
    err << "tallystick: the results can't be written to standard output\n";
  } catch (const std::exception& error) {
    err << "tallystick: internal error: " << error.what()
        << "\nThis is a bug in Tallystick: please report it.\n";
  }
  return kInputWrong;
}

}  // namespace tally::cli
