// See naming.hpp.
#include "generator/backends/cpp/naming.hpp"

#include <map>
#include <utility>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::cpp {

using namespace model;

std::string owner_name(const Class& owner) {
  return pascal_case(owner.name);
}
std::string reference_name(const Class& owner) {
  return owner_name(owner) + "Ref";
}
std::string methods_name(const Class& owner) {
  return owner_name(owner) + "Methods";
}
std::string traits_name(const Class& owner) {
  return owner_name(owner) + "Class";
}
std::string callback_name(const Callback& callback) {
  return pascal_case(callback.name);
}
std::string enum_name(const Enum& type) {
  return pascal_case(type.name);
}
std::string error_name(const Error& error) {
  return pascal_case(error.name);
}

std::string value_type(const Interface& interface, const Type& type) {
  if (const auto* of_enum = std::get_if<EnumType>(&type)) return enum_name(interface.enums[of_enum->index]);
  const Scalar scalar = std::get<Scalar>(type);
  if (scalar == Scalar::boolean) return "bool";
  if (scalar == Scalar::f32) return "float";
  if (scalar == Scalar::f64) return "double";
  const std::string text = type_text(interface, type, Passing::value);  // "i32"
  return std::string(text[0] == 'i' ? "std::int" : "std::uint") + text.substr(1) + "_t";
}

std::string parameter(const Interface& interface, const Parameter& parameter, bool with_default) {
  const bool is_given = parameter.passing == Passing::own;
  std::string text;
  if (const auto* callback = std::get_if<CallbackType>(&parameter.type)) {
    text = callback_name(interface.callbacks[callback->index]) + " ";
  } else if (const auto* type = std::get_if<ClassType>(&parameter.type)) {
    const Class& of = interface.classes[type->index];
    text = is_given ? owner_name(of) + "&& " : reference_name(of) + " ";
  } else if (std::holds_alternative<Text>(parameter.type)) {
    text = is_given ? "tally::Blob&& " : "std::string_view ";
  } else if (std::holds_alternative<Bytes>(parameter.type)) {
    text = is_given ? "tally::Blob&& " : "tally::Bytes ";
  } else {
    text = value_type(interface, parameter.type) + " ";
  }
  text += parameter.name;
  if (with_default && parameter.default_value) text += " = " + default_value(interface, parameter);
  return text;
}

std::string default_value(const Interface& interface, const Parameter& parameter) {
  if (const auto* text = std::get_if<std::string>(&*parameter.default_value)) return string_literal(*text);
  const std::string text = default_text(interface, parameter);
  if (const auto* type = std::get_if<EnumType>(&parameter.type))
    return enum_name(interface.enums[type->index]) + "::" + text;
  if (const auto* scalar = std::get_if<Scalar>(&parameter.type)) {
    // The least i64 can't be written as one literal.
    if (*scalar == Scalar::i64 && text == "-9223372036854775808") return "INT64_MIN";
    if (*scalar == Scalar::u64) return text + "u";
    if (*scalar == Scalar::f32) return "static_cast<float>(" + text + ")";
  }
  return text;
}

std::string respace(std::string c_declaration) {
  for (std::size_t at = 0; (at = c_declaration.find(" *", at)) != std::string::npos;) {
    const std::size_t end = c_declaration.find_first_not_of('*', at + 1);
    const std::string stars(c_declaration, at + 1, end - at - 1);
    c_declaration.replace(at, stars.size() + 1, stars + " ");
    at += stars.size();
  }
  while (c_declaration.ends_with(' ')) c_declaration.pop_back();
  return c_declaration;
}

namespace {

// What every class of a kind has from bindings/cpp, beside what no description may use (lower/names.cpp).
std::vector<const char*> inherited(ClassKind kind) {
  std::vector<const char*> names = {"adopt", "api", "detach", "handle", "token"};
  if (kind == ClassKind::array) names.insert(names.end(), {"at", "begin", "end", "size"});
  if (kind == ClassKind::host) names.push_back("create");
  return names;
}

class SymbolList {
 public:
  explicit SymbolList(const Interface& interface)
      : interface_(interface), scope_(interface.name), c_types_(c::type_paths(interface)) {}

  std::vector<Symbol> run() {
    for (const char* const name : {"Module", "detail"}) add(scope_, name, std::string(kOfInterface));
    for (const Error& error : interface_.errors) add(scope_, error_name(error), "errors." + error.name);
    for (const Enum& type : interface_.enums) add(scope_, enum_name(type), "enums." + type.name);
    for (const Callback& callback : interface_.callbacks) add_callback(callback);
    for (const Class& owner : interface_.classes) add_class(owner);
    for (const Function& function : functions_of(interface_, nullptr)) add_function(scope_, function);
    return std::move(symbols_);
  }

 private:
  void add(std::string scope, std::string name, std::string path) {
    symbols_.push_back({std::move(scope), std::move(name), std::move(path)});
  }

  // What follows in its scope names types of the C header, which a function of the same name would hide.
  void add_function(const std::string& scope, const Function& function) {
    const std::string name(function.name);
    add(scope, name, c::path_of(function));
    if (const auto type = c_types_.find(name); type != c_types_.end()) add(scope, name, type->second);
  }

  // What stands in namespace detail, as if it stood beside the rest, which it would hide there.
  void add_callback(const Callback& callback) {
    const std::string path = "callbacks." + callback.name;
    add(scope_, callback_name(callback), path);
    add(scope_, callback_name(callback) + "ToGive", path);
  }

  void add_class(const Class& owner) {
    const std::string path = "classes." + owner.name;
    add(scope_, owner_name(owner), path);
    add(scope_, reference_name(owner), path);
    add(scope_, traits_name(owner), path);
    if (owner.kind == ClassKind::host) add(scope_, methods_name(owner), path);
    const std::string scope = scope_ + "::" + owner_name(owner);
    for (const char* const member : inherited(owner.kind)) add(scope, member, std::string(kOfInterface));
    for (const Function& function : functions_of(interface_, &owner))
      if (function.creator || function.method) add_function(scope, function);
  }

  const Interface& interface_;
  const std::string scope_;
  const std::map<std::string, std::string> c_types_;
  std::vector<Symbol> symbols_;
};

}  // namespace

std::vector<Symbol> symbols(const Interface& interface) {
  return SymbolList(interface).run();
}

}  // namespace tally::generator::cpp
