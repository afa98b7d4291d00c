// The names that the C header takes, for the search for clashes: declared in naming.hpp.
#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::c {

using namespace model;

std::map<std::string, std::string> type_paths(const Interface& interface) {
  std::map<std::string, std::string> paths = {{api_name(interface), std::string(kOfInterface)}};
  for (const Enum& type : interface.enums) paths[enum_name(interface, type)] = "enums." + type.name;
  for (const Callback& callback : interface.callbacks)
    paths[callback_name(interface, callback)] = "callbacks." + callback.name;
  for (const Class& owner : interface.classes) {
    paths[type_name(interface, owner)] = path_of(owner);
    if (owner.kind == ClassKind::host) paths[methods_name(interface, owner)] = path_of(owner);
  }
  return paths;
}

namespace {

class SymbolList {
 public:
  explicit SymbolList(const Interface& interface) : interface_(interface), types_(type_paths(interface)) {}

  std::vector<Symbol> run() {
    add_interface();
    for (const Error& error : interface_.errors)
      add("", error_name(interface_, error), "errors." + error.name);
    for (const Enum& type : interface_.enums) add_enum(type);
    for (const Callback& callback : interface_.callbacks) add_callback(callback);
    for (const Class& owner : interface_.classes) add_class(owner);
    for (const Function& function : functions_in_table_order(interface_)) add_function(function);
    return std::move(symbols_);
  }

 private:
  void add(std::string scope, std::string name, std::string path) {
    symbols_.push_back({std::move(scope), std::move(name), std::move(path)});
  }

  /// A member or a parameter, behind which a type of that name could not be named.
  void add_inner(const std::string& scope, const std::string& name, const std::string& path) {
    add(scope, name, path);
    if (const auto type = types_.find(name); type != types_.end()) add(scope, name, type->second);
  }

  void add_interface() {
    const std::string upper = upper_case(interface_.name);
    for (const std::string& name :
         {api_name(interface_), interface_.name + "_api_of", interface_.name + "_linked_api", upper + "_H",
          upper + "_VERSION_MAJOR", upper + "_VERSION_MINOR", upper + "_FUNCTIONS", upper + "_NUMBERS"})
      add("", name, std::string(kOfInterface));
    add(api_name(interface_), "header", std::string(kOfInterface));
  }

  void add_enum(const Enum& type) {
    const std::string path = "enums." + type.name;
    add("", enum_name(interface_, type), path);
    for (const EnumValue& value : type.values)
      add("", enum_value_name(interface_, type, value), path + ".values." + value.name);
  }

  void add_callback(const Callback& callback) {
    const std::string path = "callbacks." + callback.name;
    const std::string name = callback_name(interface_, callback);
    add("", name, path);
    add_parameters(name + "()", signature(interface_, callback), path);
  }

  void add_class(const Class& owner) {
    add("", type_name(interface_, owner), path_of(owner));
    if (owner.kind == ClassKind::host) add_methods(owner);
  }

  // The struct that the host fills in.
  void add_methods(const Class& owner) {
    const std::string name = methods_name(interface_, owner);
    const std::string path = path_of(owner);
    add("", name, path);
    add(name, "header", path);
    add(name, "destroy", path);
    for (const Method& method : owner.methods) {
      const std::string method_path = path + ".methods." + method.name;
      add_inner(name, method.name, method_path);
      add_parameters(name + "." + method.name + "()", host_signature(interface_, method), method_path);
    }
  }

  void add_function(const Function& function) {
    add("", function_name(interface_, function), path_of(function));
    add_inner(api_name(interface_), slot_name(function), path_of(function));
    const std::string scope = function_name(interface_, function) + "()";
    for (const CParameter& each : signature(interface_, function).parameters)
      add_inner(scope, each.name, each.of ? path_of(function, *each.of) : path_of(function));
    for (const Parameter& parameter : function.parameters())
      if (parameter.default_value)
        add("", default_name(interface_, function, parameter), path_of(function, parameter));
  }

  void add_parameters(const std::string& scope, const Signature& of, const std::string& path) {
    for (const CParameter& each : of.parameters)
      add_inner(scope, each.name, each.of ? path + ".in." + each.of->name : path);
  }

  const Interface& interface_;
  std::map<std::string, std::string> types_;
  std::vector<Symbol> symbols_;
};

}  // namespace

std::vector<Symbol> symbols(const Interface& interface) {
  return SymbolList(interface).run();
}

}  // namespace tally::generator::c
