// tallystick lock: freezes a version of an interface, so that check refuses what would break its users.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "generator/descriptor/history.hpp"
#include "generator/generate.hpp"

namespace tally::cli {

CLI::App* add_lock(CLI::App& app, LockOptions& options) {
  CLI::App* const lock = app.add_subcommand("lock", "Freeze this version of an interface");
  lock->add_option("DESCRIPTION", options.description, "The interface description, a JSON file")->required();
  lock->add_option("--history", options.history,
                   "The folder of lock files; default: 'history' beside DESCRIPTION")
      ->type_name("DIR");
  lock->footer(
      "Writes INTERFACE-VERSION.lock.json: each function with its slot and the hash of its meaning, and "
      "the\n"
      "numbers of errors and of enums' values. Commit it.\n"
      "From then on 'check' refuses a description that moves a slot or a number, or changes a locked\n"
      "function, and says which version that would need.\n\n"
      "Examples:\n"
      "  tallystick lock codec.json");
  return lock;
}

ExitCode run_lock(const LockOptions& options, Streams streams) {
  const generator::Loaded loaded = generator::load(options.description);
  generator::Diagnostics mistakes = loaded ? generator::find_clashes(loaded) : loaded.diagnostics;
  const std::filesystem::path folder = options.history.empty()
                                           ? generator::history_folder(options.description)
                                           : std::filesystem::path(options.history);
  if (mistakes.empty()) mistakes.add(generator::check_history(loaded, folder));
  show(mistakes, streams.err);
  if (!mistakes.empty()) return kInputWrong;
  const generator::Artefact lock = generator::lock_of(*loaded.interface);
  if (const auto failure = generator::write({&lock, 1}, folder)) {
    streams.err << "tallystick: " << *failure << '\n';
    return kInputWrong;
  }
  streams.out << fmt::format("{}: locked in {}\n", options.description, (folder / lock.path).string());
  return kFine;
}

}  // namespace tally::cli
