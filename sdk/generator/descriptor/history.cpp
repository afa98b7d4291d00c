// See history.hpp.
#include "generator/descriptor/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "generator/backends/c/naming.hpp"
#include "generator/descriptor/descriptor.hpp"
#include "generator/model/meaning.hpp"

namespace tally::generator {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using namespace model;

namespace {

struct LockedFunction {
  std::string name;  // "encoder.write"
  std::string hash;
  std::string meaning;
};

struct Lock {
  Version version;
  std::vector<LockedFunction> functions;
};

std::optional<Lock> read_lock(const fs::path& file, const std::string& interface) {
  std::ifstream stream(file);
  const Json json = Json::parse(stream, nullptr, false);
  try {
    if (json.at("interface") != interface) return std::nullopt;
    Lock lock;
    const std::string version = json.at("version");
    const std::size_t dot = version.find('.');
    lock.version.major = static_cast<std::uint16_t>(std::stoul(version.substr(0, dot)));
    lock.version.minor = static_cast<std::uint16_t>(std::stoul(version.substr(dot + 1)));
    for (const Json& function : json.at("functions")) {
      lock.functions.push_back({function.at("name"), function.at("hash"), function.at("meaning")});
    }
    return lock;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string name_of(const Function& function) {
  return qualified_name(function);
}

std::string next_minor(Version version) {
  return fmt::format("{}.{}", version.major, version.minor + 1);
}

class Comparison {
 public:
  Comparison(const Loaded& loaded, const Lock& lock, Diagnostics& diagnostics)
      : document_(*loaded.document),
        interface_(*loaded.interface),
        lock_(lock),
        functions_(functions_in_table_order(interface_)),
        diagnostics_(diagnostics) {}

  void run() {
    if (interface_.version < lock_.version) {
      report("version", fmt::format("is older than {}, which is locked", c::version_text(lock_.version)));
      return;
    }
    for (std::size_t slot = 0; slot < lock_.functions.size(); ++slot) compare(slot, lock_.functions[slot]);
    for (const Function& function : functions_) look_for_addition(function);
  }

 private:
  void compare(std::size_t slot, const LockedFunction& locked) {
    const auto now = std::ranges::find(functions_, locked.name, name_of);
    if (now == functions_.end()) {
      report(locked.name.find('.') == std::string::npos ? "functions" : "classes",
             fmt::format("{} is gone, and {} is locked with it: keep it, or raise the version to {}.0",
                         locked.name, c::version_text(lock_.version), lock_.version.major + 1));
      return;
    }
    const std::string text = meaning(interface_, *now);
    if (hash_text(hash(text)) != locked.hash) {
      report(c::path_of(*now),
             fmt::format("was changed since {} was locked: it was {} and is {}; undo the change, add a "
                         "function of another "
                         "name, or raise the version to {}.0",
                         c::version_text(lock_.version), locked.meaning, text, lock_.version.major + 1));
      return;
    }
    const auto at = static_cast<std::size_t>(now - functions_.begin());
    if (at != slot) {
      report(c::path_of(*now),
             fmt::format("has moved from slot {} to slot {} since {} was locked: put it back into its old "
                         "order, or raise the "
                         "version to {}.0",
                         slot, at, c::version_text(lock_.version), lock_.version.major + 1));
    }
  }

  void look_for_addition(const Function& function) {
    if (function.since > lock_.version) return;
    const bool is_locked =
        std::ranges::find(lock_.functions, name_of(function), &LockedFunction::name) != lock_.functions.end();
    if (is_locked) return;
    report(c::path_of(function), fmt::format("was added to {}, which is locked: give it \"since\": \"{}\", "
                                             "and the interface at least that version",
                                             c::version_text(lock_.version), next_minor(lock_.version)));
  }

  void report(const std::string& path, std::string message) {
    diagnostics_.add({document_.key_position(Path::of_names(path)), path, std::move(message)});
  }

  const Document& document_;
  const Interface& interface_;
  const Lock& lock_;
  std::vector<Function> functions_;
  Diagnostics& diagnostics_;
};

std::vector<fs::path> lock_files(const fs::path& folder, const Interface& interface) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(interface.name + "-") && name.ends_with(".lock.json")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

fs::path history_folder(const std::string& description_file) {
  return fs::path(description_file).parent_path() / "history";
}

Artefact lock_of(const Interface& interface) {
  const std::string version = c::version_text(interface.version);
  const Json lock = {
      {"interface", interface.name}, {"version", version}, {"functions", function_list(interface)}};
  return {fmt::format("{}-{}.lock.json", interface.name, version), lock.dump(2) + "\n"};
}

Diagnostics check_history(const Loaded& loaded, const fs::path& folder) {
  Diagnostics diagnostics(loaded.diagnostics.file());
  for (const fs::path& file : lock_files(folder, *loaded.interface)) {
    const std::optional<Lock> lock = read_lock(file, loaded.interface->name);
    if (!lock) {
      diagnostics.add({{},
                       "",
                       fmt::format("'{}' is not a lock file of {}: restore it from version control",
                                   file.string(), loaded.interface->name)});
    } else if (lock->version.major == loaded.interface->version.major) {
      Comparison(loaded, *lock, diagnostics).run();
    }
  }
  return diagnostics;
}

}  // namespace tally::generator
