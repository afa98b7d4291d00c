// tallystick check: reads descriptions as gen does and reports every mistake, or one line about each good
// one.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "generator/descriptor/history.hpp"
#include "generator/generate.hpp"

namespace tally::cli {
namespace {

using generator::model::Interface;

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string summary_of(const Interface& interface) {
  std::size_t functions = interface.functions.size();
  for (const auto& item : interface.classes) functions += item.creators.size() + item.methods.size();
  return fmt::format("interface {} {}.{}: {}, {}", interface.name, interface.version.major,
                     interface.version.minor, counted(interface.classes.size(), "class", "classes"),
                     counted(functions, "function", "functions"));
}

bool check(const std::string& file, const std::string& history, Streams streams) {
  const generator::Loaded loaded = generator::load(file);
  generator::Diagnostics mistakes = loaded ? generator::find_clashes(loaded) : loaded.diagnostics;
  if (loaded) {
    mistakes.add(generator::check_history(
        loaded, history.empty() ? generator::history_folder(file) : std::filesystem::path(history)));
  }
  show(mistakes, streams.err);
  if (mistakes.empty()) streams.out << file << ": " << summary_of(*loaded.interface) << '\n';
  return mistakes.empty();
}

}  // namespace

CLI::App* add_check(CLI::App& app, CheckOptions& options) {
  CLI::App* const check = app.add_subcommand("check", "Check descriptions and report every mistake");
  check->add_option("DESCRIPTION", options.descriptions, "Interface descriptions, JSON files")->required();
  check
      ->add_option("--history", options.history,
                   "The folder of lock files, which must exist; default: 'history' beside DESCRIPTION, if "
                   "there is one")
      ->type_name("DIR");
  check->footer(
      "What an interface has locked (see lock) must not have changed. Prints one line for each good "
      "description. Mistakes are reported as\n"
      "file:line:column: path: what is wrong (did you mean ...?).\n\n"
      "Examples:\n"
      "  tallystick check codec.json\n"
      "  tallystick check interfaces/*.json");
  return check;
}

ExitCode run_check(const CheckOptions& options, Streams streams) {
  if (!options.history.empty() && !std::filesystem::is_directory(options.history)) {
    streams.err << fmt::format("tallystick: '{}' is no folder of lock files: see 'tallystick lock --help'\n",
                               options.history);
    return kInputWrong;
  }
  bool all_are_good = true;
  for (const std::string& file : options.descriptions)
    all_are_good = check(file, options.history, streams) && all_are_good;
  return all_are_good ? kFine : kInputWrong;
}

}  // namespace tally::cli
