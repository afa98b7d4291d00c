// See history.hpp.
#include "generator/descriptor/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "generator/backends/c/naming.hpp"
#include "generator/descriptor/descriptor.hpp"
#include "generator/model/meaning.hpp"
#include "generator/model/numbers.hpp"

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

struct LockedNumber {
  std::string name;  // "errors.corrupt_input", "enums.mode.fast"
  std::int32_t value;
};

struct Lock {
  Version version;
  std::vector<LockedFunction> functions;
  std::vector<LockedNumber> numbers;
  bool has_numbers = false;  // a lock of an earlier release has none, and holds to none
};

Json numbers_by_name(const Interface& interface) {
  Json all = Json::object();
  for (const Number& number : numbers(interface)) all[number.name] = number.value;
  return all;
}

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
    lock.has_numbers = json.contains("numbers");
    if (!lock.has_numbers) return lock;
    for (const auto& [name, value] : json.at("numbers").items())
      lock.numbers.push_back({name, value.get<std::int32_t>()});
    return lock;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

// "errors" of "errors.corrupt_input", "enums.mode" of "enums.mode.fast".
std::string group_of(const std::string& number) {
  return number.substr(0, number.rfind('.'));
}

std::string path_of(const Number& number) {
  const std::string group = group_of(number.name);
  return group == "errors" ? number.name : group + ".values" + number.name.substr(group.size());
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
        numbers_(numbers(interface_)),
        diagnostics_(diagnostics) {
    for (std::size_t slot = 0; slot < functions_.size(); ++slot)
      slots_.emplace(qualified_name(functions_[slot]), slot);
    for (const LockedFunction& each : lock_.functions) locked_names_.insert(each.name);
  }

  void run() {
    if (interface_.version < lock_.version) {
      report("version", fmt::format("is older than {}, which is locked", c::version_text(lock_.version)));
      return;
    }
    for (std::size_t slot = 0; slot < lock_.functions.size(); ++slot) compare(slot, lock_.functions[slot]);
    for (const Function& function : functions_) look_for_addition(function);
    if (lock_.has_numbers) compare_numbers();
  }

 private:
  void compare_numbers() {
    for (const LockedNumber& locked : lock_.numbers) look_for_removal(locked);
    for (const Number& number : numbers_) look_for_addition(number);
    for (const LockedNumber& locked : lock_.numbers) compare(locked);
  }

  void compare(std::size_t slot, const LockedFunction& locked) {
    const auto now = slots_.find(locked.name);
    if (now == slots_.end()) {
      report(locked.name.find('.') == std::string::npos ? "functions" : "classes",
             fmt::format("{} is gone, and {} is locked with it: keep it, or raise the version to {}.0",
                         locked.name, c::version_text(lock_.version), lock_.version.major + 1));
      return;
    }
    const Function& function = functions_[now->second];
    const std::string text = meaning(interface_, function);
    if (hash_text(hash(text)) != locked.hash) {
      report(c::path_of(function),
             fmt::format("was changed since {} was locked: it was {} and is {}; undo the change, add a "
                         "function of another "
                         "name, or raise the version to {}.0",
                         c::version_text(lock_.version), locked.meaning, text, lock_.version.major + 1));
      return;
    }
    const std::size_t at = now->second;
    if (at != slot) {
      report(c::path_of(function),
             fmt::format("has moved from slot {} to slot {} since {} was locked: put it back into its old "
                         "order, or raise the "
                         "version to {}.0",
                         slot, at, c::version_text(lock_.version), lock_.version.major + 1));
    }
  }

  void look_for_addition(const Function& function) {
    if (function.since > lock_.version) return;
    if (locked_names_.contains(qualified_name(function))) return;
    report_addition(c::path_of(function));
  }

  void look_for_removal(const LockedNumber& locked) {
    if (std::ranges::find(numbers_, locked.name, &Number::name) != numbers_.end()) return;
    const std::string group = group_of(locked.name);
    shifted_.insert(group);
    report(group,
           fmt::format("'{}' is gone, and {} is locked with it{}: keep it, or raise the version to {}.0",
                       locked.name.substr(group.size() + 1), c::version_text(lock_.version),
                       explain_successor(locked), lock_.version.major + 1));
  }

  // Who has the number of one that is gone: that looks like another name for the same.
  std::string explain_successor(const LockedNumber& locked) const {
    for (const Number& number : numbers_) {
      if (number.value == locked.value && group_of(number.name) == group_of(locked.name) &&
          !is_locked(number))
        return fmt::format(" (its number, {}, is that of '{}' now, and a name can't be changed)",
                           locked.value, number.name.substr(group_of(number.name).size() + 1));
    }
    return "";
  }

  bool is_locked(const Number& number) const {
    return std::ranges::find(lock_.numbers, number.name, &LockedNumber::name) != lock_.numbers.end();
  }

  void look_for_addition(const Number& number) {
    if (number.since > lock_.version || is_locked(number)) return;
    shifted_.insert(group_of(number.name));
    report_addition(path_of(number));
  }

  // What was added or is gone has moved the others, and they are back where they were once that is mended.
  void compare(const LockedNumber& locked) {
    const auto now = std::ranges::find(numbers_, locked.name, &Number::name);
    const std::string group = group_of(locked.name);
    if (now == numbers_.end() || now->value == locked.value || shifted_.contains(group)) return;
    const std::string remedy = group == "errors"
                                   ? "put the errors back into their old order, new ones at the end"
                                   : fmt::format("put it back, or give it \"value\": {}", locked.value);
    report(path_of(*now),
           fmt::format("has moved from number {} to number {} since {} was locked: {}; or raise "
                       "the version to {}.0",
                       locked.value, now->value, c::version_text(lock_.version), remedy,
                       lock_.version.major + 1));
  }

  void report_addition(const std::string& path) {
    report(path, fmt::format("was added to {}, which is locked: give it \"since\": \"{}\", "
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
  std::map<std::string, std::size_t> slots_;  // by name
  std::set<std::string> locked_names_;        // of functions
  std::vector<Number> numbers_;
  std::set<std::string> shifted_;  // groups of numbers with one more or one less than was locked
  Diagnostics& diagnostics_;
};

std::vector<fs::path> lock_files(const fs::path& folder, const Interface& interface, std::error_code& error) {
  std::vector<fs::path> files;
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
  const Json lock = {{"interface", interface.name},
                     {"version", version},
                     {"functions", function_list(interface)},
                     {"numbers", numbers_by_name(interface)}};
  return {fmt::format("{}-{}.lock.json", interface.name, version), lock.dump(2) + "\n"};
}

Diagnostics check_history(const Loaded& loaded, const fs::path& folder) {
  Diagnostics diagnostics(loaded.diagnostics.file());
  std::error_code error;
  const std::vector<fs::path> files = lock_files(folder, *loaded.interface, error);
  if (error && error != std::errc::no_such_file_or_directory)
    diagnostics.add(
        {{}, "", fmt::format("the history '{}' can't be read: {}", folder.string(), error.message())});
  for (const fs::path& file : files) {
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
