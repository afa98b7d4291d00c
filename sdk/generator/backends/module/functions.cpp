// See functions.hpp. Names of our own end in an underscore, which a parameter's can't.
#include "generator/backends/module/functions.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/cpp/naming.hpp"
#include "generator/backends/layout.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::module {

using namespace model;

namespace {

bool is_class(const Type& type) {
  return std::holds_alternative<ClassType>(type);
}
bool is_taken(const Parameter& parameter) {
  return is_class(parameter.type) && parameter.passing == Passing::own;
}

const Class& class_of(const Interface& interface, const Type& type) {
  return interface.classes[std::get<ClassType>(type).index];
}

// "if (const auto status_ = CHECK; status_ < 0) return status_;", or null where the function returns
// a token.
std::string refuse_unless(const std::string& check, bool returns_status) {
  const std::string condition = returns_status ? fmt::format("const auto status_ = {}; status_ < 0", check)
                                               : fmt::format("{} < 0", check);
  const std::string refusal = returns_status ? "return status_;" : "return rt::no_object(call_, error);";
  const std::string line = fmt::format("if ({}) {}\n", condition, refusal);
  if (line.size() + 2 <= kLineWidth) return line;
  return list("if (", {condition}, ") {\n", 2) + "  " + refusal + "\n}\n";
}

std::vector<std::string> enum_values(const Interface& interface, const Enum& type) {
  std::vector<std::string> names;
  for (const EnumValue& value : type.values) names.push_back(c::enum_value_name(interface, type, value));
  return names;
}

std::string check_class(const Interface& interface, const Parameter& parameter, bool returns_status) {
  const Class& of = class_of(interface, parameter.type);
  const std::string& name = parameter.name;
  if (parameter.passing == Passing::own) {
    return fmt::format("rt::Taking taking_{0}_({1}, call_, \"{0}\", {0});\n", name, table_name(of)) +
           refuse_unless(fmt::format("taking_{}_.status()", name), returns_status);
  }
  return fmt::format("{}* {}_ = nullptr;\n", author_class(of), name) +
         refuse_unless(fmt::format("{}.borrow(call_, \"{}\", {}, &{}_)", table_name(of), name, name, name),
                       returns_status);
}

std::string check(const Interface& interface, const Parameter& parameter, bool returns_status) {
  const std::string& name = parameter.name;
  if (std::holds_alternative<Text>(parameter.type)) {
    return refuse_unless(fmt::format("rt::check_text(call_, \"{0}\", {0}, {0}_size)", name), returns_status);
  }
  if (std::holds_alternative<Bytes>(parameter.type)) {
    return refuse_unless(fmt::format("rt::check_bytes(call_, \"{0}\", {0}, {0}_size)", name), returns_status);
  }
  if (const auto* type = std::get_if<EnumType>(&parameter.type)) {
    return fmt::format("static constexpr std::int32_t {}_values_[] = {{", name) +
           list("", enum_values(interface, interface.enums[type->index]), "};\n", 60) +
           refuse_unless(fmt::format("rt::check_enum(call_, \"{0}\", {0}, {0}_values_)", name),
                         returns_status);
  }
  return is_class(parameter.type) ? check_class(interface, parameter, returns_status) : "";
}

// An object can't be given away by the call that borrows it.
std::string check_lent_and_given(const Interface& interface, const Function& function, bool returns_status) {
  std::string text;
  for (const Parameter& given : function.parameters()) {
    if (!is_taken(given)) continue;
    std::vector<std::string> lent;
    if (function.method && &class_of(interface, given.type) == function.owner) lent.push_back("object_");
    for (const Parameter& other : function.parameters()) {
      const bool is_lent = is_class(other.type) && other.passing == Passing::borrow;
      if (is_lent && &class_of(interface, other.type) == &class_of(interface, given.type))
        lent.push_back(other.name + "_");
    }
    for (const std::string& object : lent) {
      text += fmt::format(
          "if (taking_{0}_.is({1})) {2};\n", given.name, object,
          returns_status
              ? fmt::format("return rt::lent_and_given(call_, \"{}\")", given.name)
              : fmt::format("return rt::lent_and_given(call_, \"{}\"), rt::no_object(call_, error)",
                            given.name));
    }
  }
  return text;
}

// Nor can the object that the call consumes be one that it borrows.
std::string check_lent_and_consumed(const Interface& interface, const Function& function) {
  if (!function.method || !function.method->consumes_self) return "";
  std::string text;
  for (const Parameter& lent : function.parameters()) {
    if (!is_class(lent.type) || is_taken(lent) || &class_of(interface, lent.type) != function.owner) continue;
    text += fmt::format("if ({}_ == object_) return rt::lent_and_given(call_, \"self\");\n", lent.name);
  }
  return text;
}

std::string checks(const Interface& interface, const Function& function, bool returns_status) {
  // What is lent is found before anything is taken: the same object may stand in both.
  std::string lent;
  std::string taken;
  for (const Parameter& parameter : function.parameters()) {
    (is_taken(parameter) ? taken : lent) += check(interface, parameter, returns_status);
  }
  return lent + taken + check_lent_and_consumed(interface, function) +
         check_lent_and_given(interface, function, returns_status);
}

// What the author's code is given for a parameter.
std::string argument(const Interface& interface, const Parameter& parameter) {
  const std::string& name = parameter.name;
  if (std::holds_alternative<Text>(parameter.type))
    return fmt::format("std::string_view({0}, {0}_size)", name);
  if (std::holds_alternative<Bytes>(parameter.type)) return fmt::format("tally::Bytes({0}, {0}_size)", name);
  if (is_taken(parameter)) return fmt::format("taking_{}_.own()", name);
  if (is_class(parameter.type)) return fmt::format("*{}_", name);
  const std::string type = cpp::value_type(interface, parameter.type);
  if (std::holds_alternative<EnumType>(parameter.type))
    return fmt::format("static_cast<{}::{}>({})", interface.name, type, name);
  return type == "bool" ? name + " != 0" : name;
}

std::vector<std::string> arguments(const Interface& interface, const Function& function) {
  std::vector<std::string> list;
  for (const Parameter& parameter : function.parameters()) list.push_back(argument(interface, parameter));
  return list;
}

// What follows the author's call: what it took is taken, what it did not is the caller's again.
std::string settlements(const Function& function) {
  std::vector<std::string> takings;
  for (const Parameter& parameter : function.parameters()) {
    if (is_taken(parameter)) takings.push_back("taking_" + parameter.name + "_");
  }
  return takings.empty() ? "" : fmt::format("rt::settle(status_, {});\n", join(takings, ", "));
}

// "CALL, [&]() -> decltype(auto) { BODY })" with the body on lines of its own.
std::string with_lambda(const std::string& call, const std::string& body) {
  std::string text = fill(R"(
${call}, [&]() -> decltype(auto) {
  ${body}
})
)",
                          {{"call", call}, {"body", body}});
  text.pop_back();  // the newline: the text goes on
  return text;
}

// What failures of this call name.
std::string call_of(const Interface& interface, const Function& function) {
  return fmt::format(
      "static constexpr rt::Function function_{{interface_, \"{}\"}};\n"
      "const rt::Call call_{{function_, TALLY_CALLER}};\n",
      c::function_name(interface, function));
}

std::string construction(const Interface& interface, const Function& function) {
  const std::string type = author_class(*function.owner);
  const std::string maker = function.name == "create" ? type : fmt::format("{}::{}", type, function.name);
  return list(fmt::format("return {}(", maker), arguments(interface, function), ");", 4);
}

std::string creator_body(const Interface& interface, const Function& function) {
  const std::string settled = settlements(function);
  const std::string create =
      with_lambda(table_name(*function.owner) + ".create(call_, &token_", construction(interface, function));
  return fill(R"(
${call}
interface_.run_deferred();
${checks}
${word}* token_ = nullptr;
${create};
${settled}
return token_ ? token_ : rt::no_object(call_, error);
)",
              {{"call", call_of(interface, function)},
               {"checks", checks(interface, function, false)},
               {"word", c::type_name(interface, *function.owner)},
               {"create", (settled.empty() ? "" : "const tally_status status_ = ") + create},
               {"settled", settled}});
}

// The author's call, with its result in *out: an expression of type tally_status.
std::string outcome(const Interface& interface, const Function& function) {
  const Method& method = *function.method;
  const std::string object = method.consumes_self ? "std::move(*object_)." : "object_->";
  const auto invoke = [&](const std::string& before, const std::string& after) {
    return list(fmt::format("{}{}{}(", before, object, method.name), arguments(interface, function),
                ")" + after, 4);
  };
  if (!method.result) return with_lambda("rt::guard(call_", invoke("", ";\nreturn TALLY_OK;"));
  const Type& type = method.result->type;
  if (std::holds_alternative<Bytes>(type)) {
    return with_lambda("blob_table.produce_bytes(call_, out", invoke("return ", ";"));
  }
  if (std::holds_alternative<Text>(type)) {
    return with_lambda("blob_table.produce_text(call_, out", invoke("return ", ";"));
  }
  if (is_class(type)) {
    return with_lambda(fmt::format("rt::produce({}, call_, out", table_name(class_of(interface, type))),
                       invoke("return ", ";"));
  }
  const std::string cast = fmt::format("*out = static_cast<{}>(", c::value_type(interface, type));
  return with_lambda("rt::guard(call_", invoke(cast, ");\nreturn TALLY_OK;"));
}

std::string find_self(const Function& function) {
  const std::string type = author_class(*function.owner);
  const std::string table = table_name(*function.owner);
  if (!function.method->consumes_self) {
    return fmt::format("{}* object_ = nullptr;\n", type) +
           refuse_unless(fmt::format("{}.borrow(call_, \"self\", self, &object_)", table), true);
  }
  return "if (!self) return rt::null_argument(call_, \"self\");\nrt::Slot* slot_ = "
         "nullptr;\n" +
         refuse_unless(fmt::format("{}.own(call_, \"self\", *self, &slot_)", table), true) +
         fmt::format("{}* const object_ = {}.object_in(*slot_);\n", type, table);
}

std::string method_body(const Interface& interface, const Function& function) {
  const Method& method = *function.method;
  std::string settled = settlements(function);
  if (method.consumes_self) {
    settled += fmt::format("rt::consume(status_, {}, call_, *slot_, self);\n", table_name(*function.owner));
  }
  return fill(
      R"(
${call}
${out}
${self}
${checks}
${author};
${settled}
)",
      {{"call", call_of(interface, function)},
       {"out", method.result ? "if (!out) return rt::null_argument(call_, \"out\");\n*out = {};\n" : ""},
       {"self", find_self(function)},
       {"checks", checks(interface, function, true)},
       {"author",
        (settled.empty() ? "return " : "const tally_status status_ = ") + outcome(interface, function)},
       {"settled", settled.empty() ? "" : settled + "return status_;\n"}});
}

std::string standard_body(const Interface& interface, const Function& function) {
  const std::string table = table_name(*function.owner);
  const std::string word = c::type_name(interface, *function.owner);
  switch (function.kind) {
    case FunctionKind::destroy:
      return call_of(interface, function) +
             fmt::format("return {}.destroy(call_, \"owner\", owner);\n", table);
    case FunctionKind::try_destroy:
      return call_of(interface, function) +
             fmt::format("return {}.try_destroy(call_, \"owner\", owner);\n", table);
    case FunctionKind::ref:
      return call_of(interface, function) +
             fmt::format("return rt::as_pointer<const {}>({}.ref(call_, self));\n", word, table);
    case FunctionKind::same:
      return fmt::format("return {0}.id(a) != 0 && {0}.id(a) == {0}.id(b);\n", table);
    default:
      return fmt::format("return {}.id(self);\n", table);
  }
}

std::string body(const Interface& interface, const Function& function) {
  if (function.creator) return creator_body(interface, function);
  return function.method ? method_body(interface, function) : standard_body(interface, function);
}

// The author's side of a parameter, for the requirement.
std::string author_parameter(const Interface& interface, const Parameter& parameter) {
  if (is_class(parameter.type)) {
    const std::string of = author_class(class_of(interface, parameter.type));
    return (parameter.passing == Passing::own ? "tally::Own<" + of + "> " : of + "& ") + parameter.name;
  }
  std::string text = cpp::parameter(interface, parameter, false);
  if (std::holds_alternative<EnumType>(parameter.type)) text = interface.name + "::" + text;
  return text;
}

}  // namespace

std::string author_class(const Class& owner) {
  return "author::" + pascal_case(owner.name);
}
std::string table_name(const Class& owner) {
  return owner.name + "_table";
}
std::string hidden_name(const Interface& interface, const Function& function) {
  return interface.name + "_hidden_" + c::slot_name(function);
}

std::string definition(const Interface& interface, const Function& function) {
  const c::Signature of = c::signature(interface, function);
  const std::string returns = cpp::respace(of.returns);
  const std::string hidden = hidden_name(interface, function);
  std::vector<std::string> parameters;
  for (const c::CParameter& each : of.parameters) {
    parameters.push_back(cpp::respace(c::declare(each.type, each.name)));
  }
  const std::string exported =
      fmt::format("TALLY_EXPORT {} TALLY_CALL {}(", returns, c::function_name(interface, function));
  return fill(
      R"(

${definition} {
  ${body}
}
${exported}
)",
      {{"definition", list(fmt::format("TALLY_HIDDEN {} TALLY_CALL {}(", returns, hidden), parameters, ")")},
       {"exported", list(exported, parameters, fmt::format(")\n    TALLY_ALIAS(\"{}\");", hidden))},
       {"body", body(interface, function)}});
}

std::string requirement(const Interface& interface, const Function& function) {
  const std::string concept_name = pascal_case(c::slot_name(function));
  std::vector<std::string> declared;
  std::vector<std::string> given;
  for (const Parameter& parameter : function.parameters()) {
    declared.push_back(author_parameter(interface, parameter));
    given.push_back(is_taken(parameter) ? "std::move(" + parameter.name + ")" : parameter.name);
  }
  const std::string type = pascal_case(function.owner->name);
  const bool is_constructor = function.name == "create";
  const std::string wanted =
      fmt::format("{}({})", is_constructor ? type : std::string(function.name), join(declared, ", "));
  std::string caller = is_constructor ? "Class" : fmt::format("Class::{}", function.name);
  if (function.method) {
    const bool is_consumed = function.method->consumes_self;
    caller = fmt::format("{}.{}", is_consumed ? "std::move(self)" : "self", function.name);
    declared.insert(declared.begin(), "Class& self");
  }
  const std::string kind = function.method  ? "a member function of"
                           : is_constructor ? "a constructor of"
                                            : "a static member function of";
  const std::string opening = fmt::format("concept Has{} = requires", concept_name);
  return fill(
      R"(
template <class Class>
${head}
  ${use}
};
static_assert(Has${concept}<author::${type}>,
              ${text});
)",
      {{"head", declared.empty() ? opening + " {" : list(opening + "(", declared, ") {")},
       {"use", list(caller + "(", given, ");", 2)},
       {"concept", concept_name},
       {"type", type},
       {"text", string_literal_lines(fmt::format("{}.{}.{} needs {} {}: {}", interface.name,
                                                 function.owner->name, function.name, kind, type, wanted))}});
}

}  // namespace tally::generator::module
