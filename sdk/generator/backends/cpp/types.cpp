// See types.hpp. Names of our own end in an underscore, which a parameter's can't.
#include "generator/backends/cpp/types.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/cpp/naming.hpp"

namespace tally::generator::cpp {

using namespace model;

bool is_memory(const Type& type) {
  return std::holds_alternative<Text>(type) || std::holds_alternative<Bytes>(type);
}

const Class& class_of(const Interface& interface, const Type& type) {
  return interface.classes[std::get<ClassType>(type).index];
}

std::string result_type(const Interface& interface, const Result* result) {
  if (!result) return "void";
  if (is_memory(result->type)) return result->passing == Passing::view ? "tally::View" : "tally::Blob";
  if (std::holds_alternative<ClassType>(result->type)) return owner_name(class_of(interface, result->type));
  return value_type(interface, result->type);
}

std::string argument(const Interface& interface, const Parameter& parameter) {
  const std::string& name = parameter.name;
  const bool is_given = parameter.passing == Passing::own;
  if (std::holds_alternative<CallbackType>(parameter.type)) return name + "_";
  if (std::holds_alternative<ClassType>(parameter.type))
    return is_given ? fmt::format("tally::give({})", name) : name + ".handle()";
  if (is_memory(parameter.type))
    return is_given ? fmt::format("tally::give({})", name) : fmt::format("{0}.data(), {0}.size()", name);
  if (std::holds_alternative<EnumType>(parameter.type))
    return fmt::format("static_cast<{}>({})", c::value_type(interface, parameter.type), name);
  return name;
}

Out out(const Interface& interface, const Result& result, const std::string& api) {
  const std::string type = result_type(interface, &result);
  if (is_memory(result.type)) return {type + " out_;", "out_.receive()", "out_"};
  if (std::holds_alternative<ClassType>(result.type)) {
    const std::string word = c::type_name(interface, class_of(interface, result.type));
    return {word + "* out_ = nullptr;", "&out_", fmt::format("{}({}, out_)", type, api)};
  }
  const bool is_enum = std::holds_alternative<EnumType>(result.type);
  const std::string value = type == "bool" ? "out_ != 0"
                            : is_enum      ? fmt::format("static_cast<{}>(out_)", type)
                                           : "out_";
  return {c::value_type(interface, result.type) + " out_{};", "&out_", value};
}

std::string incoming_parameter(const Interface& interface, const Parameter& parameter) {
  if (std::holds_alternative<ClassType>(parameter.type) && parameter.passing == Passing::own)
    return owner_name(class_of(interface, parameter.type)) + " " + parameter.name;
  return cpp::parameter(interface, parameter, false);
}

std::vector<std::string> incoming_parameters(const Interface& interface,
                                             const std::vector<Parameter>& parameters) {
  std::vector<std::string> list;
  for (const Parameter& each : parameters) list.push_back(incoming_parameter(interface, each));
  return list;
}

std::string incoming_argument(const Interface& interface, const Parameter& parameter,
                              const std::string& api) {
  const std::string& name = parameter.name;
  if (std::holds_alternative<Text>(parameter.type))
    return fmt::format("std::string_view({0}, {0}_size)", name);
  if (std::holds_alternative<Bytes>(parameter.type)) return fmt::format("tally::Bytes({0}, {0}_size)", name);
  if (std::holds_alternative<ClassType>(parameter.type)) {
    const Class& of = class_of(interface, parameter.type);
    if (parameter.passing == Passing::own)
      return fmt::format("{}({}, std::exchange(*{}, nullptr))", owner_name(of), api, name);
    return fmt::format("{}({}, {})", reference_name(of), api, name);
  }
  const std::string type = value_type(interface, parameter.type);
  if (std::holds_alternative<EnumType>(parameter.type)) return fmt::format("static_cast<{}>({})", type, name);
  return type == "bool" ? name + " != 0" : name;
}

}  // namespace tally::generator::cpp
