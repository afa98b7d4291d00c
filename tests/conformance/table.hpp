// The conformance table as C++ reads it: the cases of table/*.json, and what conformance.json says about the
// functions that they call. README.md explains the step language. Nothing here knows a target language.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tally/status.h"

namespace conformance_table {

using Json = nlohmann::ordered_json;

/// One rule and the steps that show it.
struct Case {
  std::string name;
  std::string rule;
  Json steps;
  Json live;      ///< "counter" or "two.counter" to how many the steps leave live; all others none
  Json deferred;  ///< the same for those whose destructor has not run
  std::map<std::string, std::string> impossible;  ///< language to the compile-fail test that shows it
};

/// Where the description and the table are.
std::string description_file();
std::string table_folder();

/// All cases of all files in a folder; throws std::runtime_error, with the file's name, on what it can't
/// read.
std::vector<Case> read_cases(const std::string& folder);

struct Parameter {
  std::string name;
  std::string type;  ///< "i64", "string", the name of an enum, a class or a callback
  bool is_owned = false;
  Json otherwise;  ///< the default; null if there is none
};

struct Function {
  std::string class_name;  ///< empty if it needs no object
  std::string name;
  bool consumes_self = false;
  std::vector<Parameter> parameters;
  std::string result;  ///< a type, "view" for any view; empty if there is none

  std::string c_name() const { return "conformance_" + (class_name.empty() ? "" : class_name + "_") + name; }
};

class Description {
 public:
  explicit Description(const std::string& file);

  const Function& creator(const std::string& class_name, const std::string& name) const;
  const Function& method(const std::string& class_name, const std::string& name) const;
  const Function& function(const std::string& name) const;
  bool is_class(const std::string& type) const;
  bool is_callback(const std::string& type) const { return description_.at("callbacks").contains(type); }
  /// Arrays are classes of their own here: "cell_array".
  std::vector<std::string> class_names() const;
  std::vector<std::string> method_names(const std::string& class_name) const;
  /// What gives an object back: "destroy", or "release" for one reference of a counted class.
  std::string end_of(const std::string& class_name) const;
  /// The values of an enum.
  std::vector<std::string> values_of(const std::string& type) const;

  /// Arguments in the function's order: defaults filled in, an enum's value as its number.
  std::vector<Json> arguments(const Function& function, const Json& given) const;
  /// A result as it is compared: an enum's value as its number.
  Json value(const std::string& type, const Json& said) const;
  /// "stale_handle", "ok", or an error of the interface.
  tally_status status(const std::string& name) const;
  /// What a failure's text says of the status.
  std::string status_text(tally_status status) const;

 private:
  Function read(const std::string& class_name, const std::string& name, const Json& said) const;
  const Json* enum_of(const std::string& type) const;

  Json description_;
  std::map<std::string, Function> creators_;
  std::map<std::string, Function> methods_;
  std::map<std::string, Function> functions_;
};

}  // namespace conformance_table
