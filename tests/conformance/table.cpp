// Reads the table and the description. The generator's own reader is not used: what is tested must not be
// what tests.
#include "table.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tally/error.h"

namespace conformance_table {
namespace {

Json read_json(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error(file.string() + ": cannot be read");
  try {
    return Json::parse(stream, nullptr, true, true);
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

Case read_case(const Json& said) {
  Case read{said.at("name"),
            said.at("rule"),
            said.at("steps"),
            said.value("live", Json::object()),
            said.value("deferred", Json::object()),
            {}};
  for (const auto& [key, value] : said.items()) {
    if (value.is_object() && value.contains("impossible")) read.impossible[key] = value["impossible"];
  }
  return read;
}

const std::map<std::string, tally_status>& statuses() {
  static const std::map<std::string, tally_status> all = {{"ok", TALLY_OK},
                                                          {"deferred", TALLY_DEFERRED},
                                                          {"stale_handle", TALLY_STALE_HANDLE},
                                                          {"already_destroyed", TALLY_ALREADY_DESTROYED},
                                                          {"gone_with_parent", TALLY_GONE_WITH_PARENT},
                                                          {"wrong_class", TALLY_WRONG_CLASS},
                                                          {"wrong_pair", TALLY_WRONG_PAIR},
                                                          {"wrong_module", TALLY_WRONG_MODULE},
                                                          {"never_issued", TALLY_NEVER_ISSUED},
                                                          {"not_owner", TALLY_NOT_OWNER},
                                                          {"borrowed", TALLY_BORROWED},
                                                          {"has_children", TALLY_HAS_CHILDREN},
                                                          {"wrong_thread", TALLY_WRONG_THREAD},
                                                          {"concurrent_use", TALLY_CONCURRENT_USE},
                                                          {"out_of_memory", TALLY_OUT_OF_MEMORY},
                                                          {"limit_reached", TALLY_LIMIT_REACHED},
                                                          {"invalid_argument", TALLY_INVALID_ARGUMENT},
                                                          {"null_argument", TALLY_NULL_ARGUMENT},
                                                          {"not_utf8", TALLY_NOT_UTF8},
                                                          {"version_mismatch", TALLY_VERSION_MISMATCH},
                                                          {"not_supported", TALLY_NOT_SUPPORTED},
                                                          {"exception", TALLY_EXCEPTION},
                                                          {"system_error", TALLY_SYSTEM_ERROR}};
  return all;
}

// "own counter = x" in its parts; what kind of memory a view shows is the language's to know.
Parameter read_parameter(const std::string& name, const Json& said) {
  std::string text = said.is_object() ? said.at("type") : said;
  Parameter parameter{name, "", false, nullptr};
  if (const std::size_t equals = text.find(" = "); equals != std::string::npos) {
    const std::string value = text.substr(equals + 3);
    parameter.otherwise = Json::accept(value) ? Json::parse(value) : Json(value);
    text.erase(equals);
  }
  const std::size_t space = text.find(' ');
  parameter.is_owned = text.starts_with("own ");
  parameter.type = space == std::string::npos ? text : text.substr(space + 1);
  if (text.starts_with("view ")) parameter.type = "view";
  return parameter;
}

}  // namespace

std::string description_file() {
  return CONFORMANCE_DESCRIPTION;
}
std::string table_folder() {
  return CONFORMANCE_TABLE;
}

std::vector<Case> read_cases(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Case> cases;
  for (const std::filesystem::path& file : files) {
    try {
      const Json table = read_json(file);
      for (const Json& said : table.at("cases")) cases.push_back(read_case(said));
    } catch (const std::exception& error) {
      throw std::runtime_error(file.string() + ": " + error.what());
    }
  }
  return cases;
}

Description::Description(const std::string& file) : description_(read_json(file)) {
  for (const auto& [class_name, said] : description_.at("classes").items()) {
    Json creators = said.value("creators", Json::object());
    if (said.contains("create")) creators["create"] = said["create"];
    for (const auto& [name, creator] : creators.items()) {
      Function read_creator = read(class_name, name, creator);
      creators_[class_name + "." + name] = read_creator;
      if (!said.contains("arrays")) continue;
      read_creator.class_name = class_name + "_array";
      read_creator.parameters.insert(read_creator.parameters.begin(), {"count", "u64", false, nullptr});
      creators_[read_creator.class_name + "." + name] = read_creator;
    }
    const Json methods = said.value("methods", Json::object());
    for (const auto& [name, method] : methods.items())
      methods_[class_name + "." + name] = read(class_name, name, method);
  }
  for (const auto& [name, said] : description_.at("functions").items())
    functions_[name] = read("", name, said);
  functions_["allocate"] = read("", "allocate", Json::parse(R"({
    "in": { "size": "u64", "alignment": "u64 = 0", "zeroed": "bool = false" }, "out": "own bytes" })"));
}

Function Description::read(const std::string& class_name, const std::string& name, const Json& said) const {
  Function function{class_name, name, said.value("self", "borrow") == "own", {}, ""};
  const Json parameters = said.value("in", Json::object());
  for (const auto& [parameter, type] : parameters.items())
    function.parameters.push_back(read_parameter(parameter, type));
  if (said.contains("out")) function.result = read_parameter("out", said["out"]).type;
  return function;
}

const Function& Description::creator(const std::string& class_name, const std::string& name) const {
  return creators_.at(class_name + "." + name);
}
const Function& Description::method(const std::string& class_name, const std::string& name) const {
  return methods_.at(class_name + "." + name);
}

const Function& Description::function(const std::string& name) const {
  return functions_.at(name);
}

bool Description::is_class(const std::string& type) const {
  const std::vector<std::string> names = class_names();
  return std::find(names.begin(), names.end(), type) != names.end();
}

std::vector<std::string> Description::class_names() const {
  std::vector<std::string> names;
  for (const auto& [name, said] : description_.at("classes").items()) {
    names.push_back(name);
    if (said.contains("arrays")) names.push_back(name + "_array");
  }
  return names;
}

std::vector<std::string> Description::method_names(const std::string& class_name) const {
  std::vector<std::string> names;
  for (const auto& [name, said] : description_.at("classes").at(class_name).at("methods").items())
    names.push_back(name);
  return names;
}

std::string Description::end_of(const std::string& class_name) const {
  const Json& classes = description_.at("classes");
  return classes.contains(class_name) && classes[class_name].contains("counted") ? "release" : "destroy";
}

std::vector<std::string> Description::values_of(const std::string& type) const {
  std::vector<std::string> names;
  for (const auto& [name, said] : enum_of(type)->items()) names.push_back(name);
  return names;
}

const Json* Description::enum_of(const std::string& type) const {
  const Json& enums = description_.at("enums");
  return enums.contains(type) ? &enums.at(type).at("values") : nullptr;
}

Json Description::value(const std::string& type, const Json& said) const {
  const Json* const values = enum_of(type);
  if (!values || !said.is_string()) return said;
  std::int32_t number = -1;
  for (const auto& [name, value] : values->items()) {
    number = value.is_object() ? value.value("value", number + 1) : number + 1;
    if (said == name) return number;
  }
  throw std::runtime_error("enum " + type + " has no value " + said.dump());
}

std::vector<Json> Description::arguments(const Function& function, const Json& given) const {
  std::vector<Json> all;
  std::size_t used = 0;
  for (const Parameter& parameter : function.parameters) {
    const bool is_given = given.contains(parameter.name);
    if (!is_given && parameter.otherwise.is_null())
      throw std::runtime_error(function.name + " needs '" + parameter.name + "'");
    all.push_back(value(parameter.type, is_given ? given.at(parameter.name) : parameter.otherwise));
    used += is_given;
  }
  if (used != given.size())
    throw std::runtime_error(function.name + " has no such parameters: " + given.dump());
  return all;
}

tally_status Description::status(const std::string& name) const {
  if (const auto found = statuses().find(name); found != statuses().end()) return found->second;
  tally_status status = TALLY_STATUS_FIRST_OF_INTERFACE;
  for (const auto& [error, text] : description_.at("errors").items()) {
    if (error == name) return status;
    --status;
  }
  throw std::runtime_error("no status is called " + name);
}

std::string Description::status_text(tally_status status) const {
  tally_status own = TALLY_STATUS_FIRST_OF_INTERFACE;
  for (const auto& [error, text] : description_.at("errors").items()) {
    if (status == own--) return error;
  }
  return tally_status_text(status);
}

}  // namespace conformance_table
