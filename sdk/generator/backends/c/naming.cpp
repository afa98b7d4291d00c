// See naming.hpp.
#include "generator/backends/c/naming.hpp"

#include "generator/text/words.hpp"

namespace tally::generator::c {

using namespace model;

std::string version_text(Version version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

std::string type_name(const Interface& interface, const Class& owner) {
  return interface.name + "_" + owner.name;
}

std::string slot_name(const Function& function) {
  return (function.owner ? function.owner->name + "_" : "") + std::string(function.name);
}

std::string function_name(const Interface& interface, const Function& function) {
  return interface.name + "_" + slot_name(function);
}

std::string enum_name(const Interface& interface, const Enum& type) {
  return interface.name + "_" + type.name;
}

std::string enum_value_name(const Interface& interface, const Enum& type, const EnumValue& value) {
  return upper_case(interface.name + "_" + type.name + "_" + value.name);
}

std::string error_name(const Interface& interface, const Error& error) {
  return upper_case(interface.name + "_error_" + error.name);
}

std::string default_name(const Interface& interface, const Function& function, const Parameter& parameter) {
  return upper_case(function_name(interface, function) + "_" + parameter.name + "_default");
}

std::string api_name(const Interface& interface) {
  return interface.name + "_api";
}

std::string callback_name(const Interface& interface, const Callback& callback) {
  return interface.name + "_" + callback.name;
}

std::string methods_name(const Interface& interface, const Class& owner) {
  return type_name(interface, owner) + "_methods";
}

std::string path_of(const Class& owner) {
  if (owner.kind != ClassKind::array) return "classes." + owner.name;
  static constexpr std::string_view kSuffix = "_array";
  return "classes." + owner.name.substr(0, owner.name.size() - kSuffix.size()) + ".arrays";
}

std::string path_of(const Function& function) {
  if (function.static_function) return "functions." + std::string(function.name);
  if (!function.owner) return "interface";
  const std::string owner = path_of(*function.owner);
  if (function.owner->kind == ClassKind::array) return owner;
  if (function.creator) {
    return owner + (function.name == "create" ? ".create" : ".creators." + std::string(function.name));
  }
  return function.method ? owner + ".methods." + std::string(function.name) : owner;
}

std::string path_of(const Function& function, const Parameter& parameter) {
  // An array's creator takes how many, and then what the element's creator takes.
  const bool is_array = function.owner && function.owner->kind == ClassKind::array;
  if (is_array && parameter.name == "count") return path_of(function);
  const std::string path = path_of(function);
  const std::string of = is_array ? path.substr(0, path.rfind('.')) + ".create" : path;
  return of + ".in." + parameter.name;
}

}  // namespace tally::generator::c
