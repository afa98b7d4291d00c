// See naming.hpp.
#include "generator/backends/module/naming.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/layout.hpp"
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
  return owner.name + "_table_";
}

std::string hidden_name(const Interface& interface, const Function& function) {
  return interface.name + "_hidden_" + c::slot_name(function);
}

std::string callback_type(const Interface& interface, const Callback& callback) {
  return interface.name + "::host::" + pascal_case(callback.name);
}

namespace {

std::string choices(const Enum& type) {
  return type.name + "_choices_";
}

// "sad (0), glad (1)": as many as a message has room for.
std::string value_names(const Enum& type) {
  constexpr std::size_t kMost = 12;
  std::vector<std::string> names;
  for (const EnumValue& value : type.values) {
    if (names.size() == kMost) {
      names.emplace_back("...");
      break;
    }
    names.push_back(fmt::format("{} ({})", value.name, value.value));
  }
  return join(names, ", ");
}

}  // namespace

std::string choices(const Interface& interface, const Type& type) {
  return choices(interface.enums[std::get<EnumType>(type).index]);
}

std::string choice_definitions(const Interface& interface) {
  std::string text;
  for (const Enum& type : interface.enums) {
    std::vector<std::string> values;
    for (const EnumValue& value : type.values) values.push_back(c::enum_value_name(interface, type, value));
    text +=
        list(fmt::format("inline constexpr std::int32_t {}_values_[] = {{", type.name), values, "};\n", 4) +
        fmt::format("inline constexpr tally::runtime::Choices {}{{{}_values_, \"{}\"}};\n", choices(type),
                    type.name, value_names(type));
  }
  return text;
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
