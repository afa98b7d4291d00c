// tallystick gen: one description in, the files of every language asked for out. Silent if all went well.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "generator/generate.hpp"
#include "generator/text/words.hpp"

namespace tally::cli {
namespace {

std::string help_on_languages() {
  std::string result = "Languages:\n";
  for (const generator::Backend& backend : generator::backends())
    result += fmt::format("  {:<8} {}\n", backend.language, backend.summary);
  return result;
}

/// The languages asked for; all if none are.
std::vector<std::string> chosen_languages(const GenOptions& options) {
  const std::vector<std::string> known = generator::languages();
  for (const std::string& language : options.languages) {
    if (std::ranges::find(known, language) != known.end()) continue;
    std::string why = fmt::format("unknown language {}", generator::in_quotes(language));
    if (const auto meant = generator::closest(language, known))
      why += fmt::format(" (did you mean '{}'?)", *meant);
    throw UsageError(why + fmt::format(": the languages are {}", generator::join(known, ", ")));
  }
  return options.languages.empty() ? known : options.languages;
}

}  // namespace

CLI::App* add_gen(CLI::App& app, GenOptions& options) {
  CLI::App* const gen = app.add_subcommand("gen", "Generate code and documentation from a description");
  gen->add_option("DESCRIPTION", options.description, "The interface description, a JSON file")->required();
  gen->add_option("--lang", options.languages, "Languages, separated by commas; default: all")
      ->delimiter(',')
      ->allow_extra_args(false);
  gen->add_option("--out", options.out, "The folder to write to; made if need be")
      ->required()
      ->type_name("DIR");
  gen->footer(help_on_languages() +
              "\nExamples:\n"
              "  tallystick gen codec.json --out generated\n"
              "  tallystick gen codec.json --lang c,cpp --out generated\n\n"
              "All files are written, or none. A file that would not change is not touched.");
  return gen;
}

ExitCode run_gen(const GenOptions& options, Streams streams) {
  const std::vector<std::string> languages = chosen_languages(options);
  if (options.out.empty()) throw UsageError("'--out' needs the name of a folder");
  const generator::Loaded loaded = generator::load(options.description);
  const generator::Diagnostics mistakes = loaded ? generator::find_clashes(loaded) : loaded.diagnostics;
  show(mistakes, streams.err);
  if (!mistakes.empty()) return kInputWrong;
  const auto failure = generator::write(generator::generate(*loaded.interface, languages), options.out);
  if (failure) streams.err << "tallystick: " << *failure << '\n';
  return failure ? kInputWrong : kFine;
}

}  // namespace tally::cli
