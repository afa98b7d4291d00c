// tallystick inspect: what a module's file says of itself, read without running it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "inspect/module_file.hpp"

namespace tally::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "?";
}

void show_interface(const Json& descriptor, std::ostream& out) {
  out << fmt::format("  interface {} {}\n", text_of(descriptor, "interface"), text_of(descriptor, "version"));
  std::size_t slot = 0;
  for (const Json& function : descriptor.value("functions", Json::array())) {
    out << fmt::format("    {:3}  {}  since {:<4} {}\n", slot++, text_of(function, "hash"),
                       text_of(function, "since"), text_of(function, "meaning"));
  }
}

bool is_expected(const std::string& symbol, const std::vector<Json>& descriptors) {
  if (symbol == "tally_module_entry") return true;
  for (const Json& descriptor : descriptors) {
    if (symbol.starts_with(text_of(descriptor, "interface") + "_")) return true;
  }
  return false;
}

bool inspect(const std::string& file, Streams streams) {
  const inspect::Read read = inspect::read_module(file);
  if (!read.module) {
    streams.err << fmt::format("tallystick: {}: {}\n", file, read.problem);
    return false;
  }
  std::vector<Json> descriptors;
  for (const std::string& text : read.module->descriptors) {
    descriptors.push_back(Json::parse(text, nullptr, false));
    if (descriptors.back().is_object()) continue;
    streams.err << fmt::format("tallystick: {}: its section .tallystick holds no JSON: the file is damaged\n",
                               file);
    return false;
  }
  streams.out << file << ":\n";
  for (const Json& descriptor : descriptors) show_interface(descriptor, streams.out);
  for (const std::string& symbol : read.module->exports) {
    if (!is_expected(symbol, descriptors))
      streams.out << fmt::format("  unexpected exported symbol {}\n", symbol);
  }
  return true;
}

}  // namespace

CLI::App* add_inspect(CLI::App& app, InspectOptions& options) {
  CLI::App* const inspect = app.add_subcommand("inspect", "Show what a module offers, without running it");
  inspect->add_option("FILE", options.files, "Modules: shared libraries")->required();
  inspect->footer(
      "For each interface: slot, hash, version and meaning of every function; then the symbols that the "
      "file\n"
      "exports and that belong to none of them.\n\n"
      "Examples:\n"
      "  tallystick inspect build/lib/codec/codec_zlib.so");
  return inspect;
}

ExitCode run_inspect(const InspectOptions& options, Streams streams) {
  bool all_are_modules = true;
  for (const std::string& file : options.files) all_are_modules = inspect(file, streams) && all_are_modules;
  return all_are_modules ? kFine : kInputWrong;
}

}  // namespace tally::cli
