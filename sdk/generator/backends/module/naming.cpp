// See naming.hpp.
#include "generator/backends/module/naming.hpp"

#include <algorithm>

#include "generator/backends/c/naming.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::module {

using namespace model;

std::string object_type(const Interface& interface, const Class& owner) {
  if (owner.kind == ClassKind::array)
    return "rt::Array<" + object_type(interface, interface.classes[owner.element]) + ">";
  const std::string scope = owner.kind == ClassKind::host ? interface.name + "::host::" : "author::";
  return scope + pascal_case(owner.name);
}

std::string table_name(const Class& owner) {
  return owner.name + "_table";
}

std::string hidden_name(const Interface& interface, const Function& function) {
  return interface.name + "_hidden_" + c::slot_name(function);
}

std::string callback_type(const Interface& interface, const Callback& callback) {
  return interface.name + "::host::" + pascal_case(callback.name);
}

bool is_class(const Type& type) {
  return std::holds_alternative<ClassType>(type);
}

bool is_memory(const Type& type) {
  return std::holds_alternative<Text>(type) || std::holds_alternative<Bytes>(type);
}

bool is_callback(const Type& type) {
  return std::holds_alternative<CallbackType>(type);
}

bool is_taken(const Parameter& parameter) {
  return parameter.passing == Passing::own;
}

const Class& class_of(const Interface& interface, const Type& type) {
  return interface.classes[std::get<ClassType>(type).index];
}

bool is_authors(const Class& owner) {
  return owner.kind == ClassKind::single || owner.kind == ClassKind::counted;
}

bool has_host_types(const Interface& interface) {
  return !interface.callbacks.empty() || std::ranges::any_of(interface.classes, [](const Class& each) {
    return each.kind == ClassKind::host;
  });
}

}  // namespace tally::generator::module
