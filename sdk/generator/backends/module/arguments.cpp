// See arguments.hpp.
#include "generator/backends/module/arguments.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/cpp/naming.hpp"
#include "generator/backends/layout.hpp"
#include "generator/backends/module/naming.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::module {

using namespace model;

namespace {

std::string check_enum(const Interface& interface, const Parameter& parameter, bool returns_status) {
  return refuse_unless(fmt::format("rt::check_enum(call_, \"{0}\", {0}, {1})", parameter.name,
                                   choices(interface, parameter.type)),
                       returns_status);
}

// "return REFUSAL;", of a function or of a creator.
std::string refuse(const std::string& refusal, bool returns_status) {
  return fmt::format("return {};\n", returns_status ? refusal : refusal + ", rt::no_object(call_, error)");
}

// What is taken is in an object of the runtime's until it is settled.
std::string take(const std::string& type, const std::string& table, const std::string& name,
                 const std::string& refusals, bool returns_status) {
  return fmt::format("rt::{0} taking_{2}_({1}call_, \"{2}\", {2});\n", type, table, name) + refusals +
         refuse_unless(fmt::format("taking_{}_.status()", name), returns_status);
}

bool is_of_one_kind(const Interface& interface, const Parameter& a, const Parameter& b) {
  if (is_memory(a.type)) return is_memory(b.type);
  return is_class(a.type) && is_class(b.type) && &class_of(interface, a.type) == &class_of(interface, b.type);
}

// What was given for an earlier parameter can't be given for this one, too.
std::string refuse_given_twice(const Interface& interface, const Function& function, const Parameter& given,
                               bool returns_status) {
  std::string text;
  for (const Parameter& earlier : function.parameters()) {
    if (&earlier == &given) break;
    if (!is_taken(earlier) || !is_of_one_kind(interface, earlier, given)) continue;
    const std::string both =
        fmt::format("taking_{0}_.status() < 0 && taking_{1}_.gives({0})", given.name, earlier.name);
    const std::string refusal =
        fmt::format("rt::given_twice(call_, \"{}\", \"{}\")", earlier.name, given.name);
    text += list("if (", {both}, ")\n", 4) + "  " + refuse(refusal, returns_status);
  }
  return text;
}

std::string check_memory(const Interface& interface, const Function& function, const Parameter& parameter,
                         bool returns_status) {
  const std::string& name = parameter.name;
  const bool is_text = std::holds_alternative<Text>(parameter.type);
  if (parameter.passing == Passing::own) {
    const std::string check = fmt::format("rt::check_text(call_, \"{0}\", taking_{0}_)", name);
    const std::string twice = refuse_given_twice(interface, function, parameter, returns_status);
    return take("TakingBlob", "", name, twice, returns_status) +
           (is_text ? refuse_unless(check, returns_status) : "");
  }
  return refuse_unless(
      fmt::format("rt::check_{1}(call_, \"{0}\", {0}, {0}_size)", name, is_text ? "text" : "bytes"),
      returns_status);
}

// Where the call can be re-entered, what it borrows is pinned.
std::string check_object(const Interface& interface, const Function& function, const Parameter& parameter,
                         bool returns_status) {
  const Class& of = class_of(interface, parameter.type);
  const std::string& name = parameter.name;
  if (parameter.passing == Passing::own) {
    const std::string twice = refuse_given_twice(interface, function, parameter, returns_status);
    return take("Taking", table_name(of) + ", ", name, twice, returns_status);
  }
  if (of.is_shareable()) return use_object(of, name + "_", name, returns_status);
  if (function.reenters()) {
    return fmt::format("const rt::Pin {0}_pin_({1}, call_, \"{0}\", {0});\n", name, table_name(of)) +
           refuse_unless(fmt::format("{}_pin_.status()", name), returns_status) +
           fmt::format("auto* const {0}_ = {0}_pin_.object();\n", name);
  }
  return find_object(interface, of, name + "_", name, returns_status);
}

std::string check(const Interface& interface, const Function& function, const Parameter& parameter,
                  bool returns_status) {
  if (is_memory(parameter.type)) return check_memory(interface, function, parameter, returns_status);
  if (is_class(parameter.type)) return check_object(interface, function, parameter, returns_status);
  if (is_callback(parameter.type)) return take("TakingCallback", "", parameter.name, "", returns_status);
  return std::holds_alternative<EnumType>(parameter.type) ? check_enum(interface, parameter, returns_status)
                                                          : "";
}

// The borrowed arguments of a class.
std::vector<std::string> lent_objects(const Interface& interface, const Function& function, const Class& of) {
  std::vector<std::string> lent;
  for (const Parameter& parameter : function.parameters()) {
    if (!is_class(parameter.type) || parameter.passing != Passing::borrow) continue;
    if (&class_of(interface, parameter.type) == &of) lent.push_back(parameter.name);
  }
  return lent;
}

// An object can't be given away by the call that uses it, nor consumed by one that borrows it.
std::string check_lent_and_given(const Interface& interface, const Function& function, bool returns_status) {
  std::string text;
  const auto refuse_if = [&](const std::string& condition, const std::string& given,
                             const std::string& lent) {
    const std::string refusal = fmt::format("rt::lent_and_given(call_, \"{}\", \"{}\")", given, lent);
    const std::string statement = refuse(refusal, returns_status);
    const std::string line = fmt::format("if ({}) {}", condition, statement);
    text += line.size() + 1 <= kLineWidth ? line : fmt::format("if ({})\n  {}", condition, statement);
  };
  if (function.consumes_self()) {
    for (const std::string& lent : lent_objects(interface, function, *function.owner))
      refuse_if(fmt::format("{}_ == object_", lent), "self", lent);
  }
  for (const Parameter& given : function.parameters()) {
    if (!is_class(given.type) || !is_taken(given)) continue;
    const Class& of = class_of(interface, given.type);
    std::vector<std::string> used = lent_objects(interface, function, of);
    if (function.method && &of == function.owner) used.insert(used.begin(), "self");
    for (const std::string& lent : used) {
      const std::string object = lent == "self" ? "object" : lent;
      refuse_if(fmt::format("taking_{}_.is({}_)", given.name, object), given.name, lent);
    }
  }
  return text;
}

// What the author's code is given for a parameter.
std::string argument(const Interface& interface, const Parameter& parameter) {
  const std::string& name = parameter.name;
  if (const auto* callback = std::get_if<CallbackType>(&parameter.type)) {
    return fmt::format("{}(taking_{}_.own())", callback_type(interface, interface.callbacks[callback->index]),
                       name);
  }
  if (is_taken(parameter)) return fmt::format("taking_{}_.own()", name);
  if (std::holds_alternative<Text>(parameter.type))
    return fmt::format("std::string_view({0}, {0}_size)", name);
  if (std::holds_alternative<Bytes>(parameter.type)) return fmt::format("tally::Bytes({0}, {0}_size)", name);
  if (is_class(parameter.type)) return fmt::format("*{}_", name);
  const std::string type = cpp::value_type(interface, parameter.type);
  if (std::holds_alternative<EnumType>(parameter.type))
    return fmt::format("static_cast<{}::{}>({})", interface.name, type, name);
  return type == "bool" ? name + " != 0" : name;
}

}  // namespace

std::string find_object(const Interface& interface, const Class& of, const std::string& variable,
                        const std::string& parameter, bool returns_status) {
  const std::string refusal =
      fmt::format("{}.refuse_object(call_, \"{}\", {})", table_name(of), parameter, parameter);
  return fmt::format("{}* const {} = {}.find({});\n", object_type(interface, of), variable, table_name(of),
                     parameter) +
         list(fmt::format("if (!{}) return ", variable),
              {returns_status ? refusal : refusal + ", rt::no_object(call_, error)"}, ";\n", 2);
}

std::string use_object(const Class& of, const std::string& variable, const std::string& parameter,
                       bool returns_status) {
  const std::string arguments =
      fmt::format("({}, call_, \"{}\", {});\n", table_name(of), parameter, parameter);
  std::string text = fmt::format("const rt::Use {}_use_", parameter) + arguments +
                     refuse_unless(parameter + "_use_.status()", returns_status);
  if (of.threads == Threads::with_parent) {
    text += fmt::format("const rt::FamilyUse {}_family_", parameter) + arguments +
            refuse_unless(parameter + "_family_.status()", returns_status);
  }
  return text + fmt::format("auto* const {} = {}_use_.object();\n", variable, parameter);
}

std::string refuse_unless(const std::string& check, bool returns_status) {
  const std::string condition = returns_status ? fmt::format("const auto status_ = {}; status_ < 0", check)
                                               : fmt::format("{} < 0", check);
  const std::string refusal = returns_status ? "return status_;" : "return rt::no_object(call_, error);";
  const std::string line = fmt::format("if ({}) {}\n", condition, refusal);
  if (line.size() + 2 <= kLineWidth) return line;
  return list("if (", {condition}, ") {\n", 2) + "  " + refusal + "\n}\n";
}

std::string checks(const Interface& interface, const Function& function, bool returns_status) {
  std::string lent;
  std::string taken;
  for (const Parameter& parameter : function.parameters()) {
    (is_taken(parameter) ? taken : lent) += check(interface, function, parameter, returns_status);
  }
  return lent + taken + check_lent_and_given(interface, function, returns_status);
}

std::vector<std::string> arguments(const Interface& interface, const Function& function) {
  std::vector<std::string> list;
  for (const Parameter& parameter : function.parameters()) list.push_back(argument(interface, parameter));
  return list;
}

std::string settlements(const Function& function) {
  std::vector<std::string> takings;
  for (const Parameter& parameter : function.parameters()) {
    if (is_taken(parameter)) takings.push_back("taking_" + parameter.name + "_");
  }
  std::string text = takings.empty() ? "" : fmt::format("rt::settle(status_, {});\n", join(takings, ", "));
  // The object itself is consumed by success alone.
  if (function.consumes_self()) text += "self_.settle(status_);\n";
  return text;
}

}  // namespace tally::generator::module
