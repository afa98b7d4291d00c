// Reports of the ledger, as files: read, merged, compared.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace tally::report {

struct Place {
  std::string site;   ///< "notes_c+0x10f6"
  std::string where;  ///< "main at notes.c:10"; empty: not known

  /// Both, as reports have it.
  std::string text() const;
  friend auto operator<=>(const Place&, const Place&) = default;
};

struct Balance {
  std::uint64_t issued = 0;
  std::uint64_t retired = 0;
  std::uint64_t live = 0;
  std::uint64_t deferred = 0;
  std::uint64_t bytes = 0;
};

/// A class of a module.
struct Class {
  std::string module;
  std::string name;
  friend auto operator<=>(const Class&, const Class&) = default;
};

/// What is live or deferred of one class, made in one place.
struct Group {
  Class of;
  bool is_deferred = false;
  Place created;
  std::vector<Place> stack;  ///< innermost call first; empty: none was kept
  friend auto operator<=>(const Group&, const Group&) = default;

  /// What stays the same when lines are added above it, or the program is linked anew: by what a place is
  /// known in another run, as long as there is debug information.
  std::string lasting_key() const;
};

struct Misuse {
  std::uint64_t count = 0;
  std::string first;
};

/// One process at one moment, or several merged.
struct Report {
  std::string moment;
  std::string time;
  std::string process;  ///< program and id
  std::uint64_t processes = 1;
  std::map<Class, Balance> balances;
  std::map<Group, std::uint64_t> left;
  std::map<int, Misuse> misuses;  ///< by status

  std::uint64_t count_left() const;
};

/// A file's reports, in their order; or why it can't be read, for the user.
struct Read {
  std::vector<Report> reports;
  std::string problem;
};
Read read(const std::string& path);

/// Of each process the last report, added up. Processes that have the same name and id in different files are
/// different ones.
Report merge(const std::vector<std::vector<Report>>& files);

/// As a document of the same schema.
nlohmann::ordered_json to_json(const Report& merged);

/// How many of each there are by lasting key.
std::map<std::string, std::uint64_t> by_lasting_key(const Report& report);

/// A site whose live count only rises.
struct Growth {
  Group group;
  std::string process;
  std::vector<std::uint64_t> counts;  ///< in the reports of its process, from the first in which it is
};

/// Of processes that have written at least three reports: what has risen at least twice and never fallen.
std::vector<Growth> growth(const std::vector<std::vector<Report>>& files);

}  // namespace tally::report
