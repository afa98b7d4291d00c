// See functions.hpp. Names of our own end in an underscore, which a parameter's can't.
#include "generator/backends/python/functions.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/layout.hpp"
#include "generator/backends/python/naming.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::python {

using namespace model;

namespace {

bool is_memory(const Type& type) {
  return std::holds_alternative<Text>(type) || std::holds_alternative<Bytes>(type);
}

std::string python_literal(std::string_view text) {
  return generator::string_literal(text);
}

// The module stands first among a creator's parameters.
std::size_t first_parameter(const Function& function) {
  return function.creator ? 1 : 0;
}

std::string parameters_name(const Function& function) {
  return "k" + cpp_name(function) + "_";
}

std::string parameters_constant(const Interface& interface, const Function& function) {
  std::vector<std::string> names;
  std::size_t required = first_parameter(function);
  if (function.creator) names.push_back(python_literal(module_parameter(function)));
  for (const Parameter& parameter : function.parameters()) {
    names.push_back(python_literal(parameter.name));
    if (!parameter.default_value) ++required;
  }
  const std::string name = parameters_name(function);
  const std::string function_text = python_literal(function_name(interface, function));
  if (names.empty()) {
    return fmt::format("constexpr tp::Parameters {} = {{{}, nullptr, 0, 0, 0}};\n", name, function_text);
  }
  return list(fmt::format("constexpr const char* {}names[] = {{", name), names, "};\n") +
         fmt::format("constexpr tp::Parameters {0} = {{{1}, {0}names, {2}, {3}, {4}}};\n", name,
                     function_text, names.size(), required, first_parameter(function));
}

// The variable that an argument goes into.
std::string variable(const Interface& interface, const Function& function, const Parameter& parameter) {
  const std::string& name = parameter.name;
  const std::string preset = parameter.default_value ? c::default_name(interface, function, parameter) : "";
  if (std::holds_alternative<Bytes>(parameter.type)) return fmt::format("tp::Bytes {};\n", name);
  if (std::holds_alternative<Text>(parameter.type)) {
    return preset.empty() ? fmt::format("tp::Text {};\n", name)
                          : fmt::format("tp::Text {0}{{{1}, sizeof {1} - 1}};\n", name, preset);
  }
  if (const auto* type = std::get_if<ClassType>(&parameter.type)) {
    if (parameter.passing == Passing::borrow) return fmt::format("tp::Object* {} = nullptr;\n", name);
    return fmt::format("tp::Given<{}> {}({});\n", c::type_name(interface, interface.classes[type->index]),
                       name, python_literal("it was given to " + function_name(interface, function)));
  }
  return fmt::format("{} {} = {};\n", c::value_type(interface, parameter.type), name,
                     preset.empty() ? "0" : preset);
}

// The expression that converts an argument; false if it can't.
std::string conversion(const Interface& interface, const Parameter& parameter, const std::string& where,
                       const std::string& given) {
  struct Visitor {
    const Interface& interface;
    const Parameter& parameter;
    const std::string& where;
    const std::string& given;

    std::string free(std::string_view function, const std::string& more = "") const {
      return fmt::format("tp::{}({}, {}, {}{})", function, where, given, more, parameter.name);
    }
    std::string operator()(Scalar scalar) const {
      if (scalar == Scalar::boolean) return free("take_bool");
      return free(scalar == Scalar::f32 || scalar == Scalar::f64 ? "take_float" : "take_integer");
    }
    std::string operator()(EnumType type) const {
      return free("take_enum", fmt::format("types_.{}, ", enum_name(interface.enums[type.index])));
    }
    std::string operator()(Text) const { return member(""); }
    std::string operator()(Bytes) const { return member(""); }
    std::string operator()(ClassType type) const {
      const std::string of = fmt::format("types_.{}", class_name(interface.classes[type.index]));
      return parameter.passing == Passing::own ? member(", " + of) : free("take_object", of + ", ");
    }
    std::string operator()(CallbackType) const { return member(""); }
    std::string member(const std::string& more) const {
      return fmt::format("{}.take({}, {}{})", parameter.name, where, given, more);
    }
  };
  return std::visit(Visitor{interface, parameter, where, given}, parameter.type);
}

std::string conversions(const Interface& interface, const Function& function) {
  std::string text;
  std::size_t index = first_parameter(function);
  for (const Parameter& parameter : function.parameters()) {
    const std::string given = fmt::format("given_[{}]", index);
    const std::string where = fmt::format("{}, {}", parameters_name(function), index);
    const std::string check = conversion(interface, parameter, where, given);
    text += variable(interface, function, parameter);
    text += parameter.default_value ? fmt::format("if ({} && !{}) return nullptr;\n", given, check)
                                    : fmt::format("if (!{}) return nullptr;\n", check);
    ++index;
  }
  return text;
}

std::string argument(const Interface& interface, const Parameter& parameter) {
  const std::string& name = parameter.name;
  if (is_memory(parameter.type)) return fmt::format("{0}.data, {0}.size", name);
  if (const auto* type = std::get_if<ClassType>(&parameter.type)) {
    if (parameter.passing == Passing::own) return name + ".word()";
    return fmt::format("static_cast<const {}*>({}->handle)",
                       c::type_name(interface, interface.classes[type->index]), name);
  }
  return name;
}

// The call, with or without the GIL.
std::string call(const Interface& interface, const Function& function, std::vector<std::string> arguments,
                 const std::string& last, const std::string& module) {
  for (const Parameter& parameter : function.parameters())
    arguments.push_back(argument(interface, parameter));
  if (!last.empty()) arguments.push_back(last);
  const std::string open = fmt::format("api_->{}(", c::slot_name(function));
  if (!releases_gil(function)) return list(open, arguments, ")", 4);
  std::string body = list("return " + open, arguments, ");", 6);
  for (std::size_t at = 0; (at = body.find('\n', at)) != std::string::npos; ++at) body.insert(at + 1, "  ");
  return "tp::without_gil(" + module + ", [&] {\n  " + body + "\n})";
}

std::string bind(const Function& function) {
  const std::size_t count = function.parameters().size() + first_parameter(function);
  return fill(R"(
PyObject* room_[${count}];
PyObject* const* const given_ = tp::bind(${where}, arguments_, count_, names_, room_);
if (!given_) return nullptr;
)",
              {{"count", std::to_string(count)}, {"where", parameters_name(function)}});
}

struct ResultText {
  std::string variable;  // room for it
  std::string argument;
  std::string back;  // as a Python object
};

ResultText result(const Interface& interface, const Method& method) {
  if (!method.result) return {"", "", "tp::none()"};
  const Type& type = method.result->type;
  if (std::holds_alternative<Bytes>(type))
    return {"tally_blob out_;\n", "&out_", "tp::core->adopt_blob(object_.module, &out_)"};
  if (std::holds_alternative<Text>(type)) return {"tally_blob out_;\n", "&out_", "tp::core->text_of(&out_)"};
  if (const auto* of = std::get_if<ClassType>(&type)) {
    const Class& owner = interface.classes[of->index];
    return {fmt::format("{}* out_ = nullptr;\n", c::type_name(interface, owner)), "&out_",
            fmt::format("tp::core->adopt(types_.{0}, k{0}_, object_.module, out_)", class_name(owner))};
  }
  const std::string variable = fmt::format("{} out_;\n", c::value_type(interface, type));
  if (const auto* of = std::get_if<EnumType>(&type)) {
    return {variable, "&out_",
            fmt::format("tp::from_enum(types_.{}, out_)", enum_name(interface.enums[of->index]))};
  }
  const std::string name = type_text(interface, type, Passing::value);
  const std::string back = name == "bool"   ? "tp::from_bool(out_)"
                           : name[0] == 'f' ? "PyFloat_FromDouble(out_)"
                           : name == "u64"  ? "PyLong_FromUnsignedLongLong(out_)"
                                            : "PyLong_FromLongLong(out_)";
  return {variable, "&out_", back};
}

std::string method_definition(const Interface& interface, const Function& function) {
  const Method& method = *function.method;
  const ResultText out = result(interface, method);
  const std::string word = c::type_name(interface, *function.owner);
  const std::string self =
      method.consumes_self
          ? fmt::format("tp::Given<{}> ended_(\"it was ended by {}\");\nended_.take(object_);\n", word,
                        function_name(interface, function))
          : "";
  const std::string first =
      method.consumes_self ? "ended_.word()" : fmt::format("static_cast<const {}*>(object_.handle)", word);
  return fill(R"(
PyObject* ${name}(${parameters}) {
  ${bind}
  ${conversions}
  tp::Object& object_ = tp::object_of(self_);
  if (!object_.handle) return tp::core->raise_closed(self_, ${where}.function);
  const auto* const api_ = static_cast<const ${api}*>(object_.api);
  ${self}
  ${out}
  const tally_status status_ = ${call};
  if (status_ < 0) return raise_(status_);
  return ${back};
}
)",
              {{"name", cpp_name(function)},
               {"parameters",
                takes_nothing(function)
                    ? "PyObject* self_, PyObject*"
                    : "PyObject* self_, PyObject* const* arguments_, Py_ssize_t count_, PyObject* names_"},
               {"bind", takes_nothing(function) ? "" : bind(function)},
               {"conversions", conversions(interface, function)},
               {"where", parameters_name(function)},
               {"api", c::api_name(interface)},
               {"self", self},
               {"out", out.variable},
               {"call", call(interface, function, {first}, out.argument, "*object_.module")},
               {"back", out.back}});
}

std::string creator_definition(const Interface& interface, const Function& function) {
  return fill(R"(
PyObject* ${name}(PyObject*, PyObject* const* arguments_, Py_ssize_t count_, PyObject* names_) {
  ${bind}
  ${conversions}
  tp::ModuleObject* const module_ = tp::take_module(${where}, given_[0], types_.Module);
  if (!module_) return nullptr;
  const auto* const api_ = reinterpret_cast<const ${api}*>(module_->api);
  ${word}* const token_ = ${call};
  if (!token_) return raise_(tally_last_error()->status);
  return tp::core->adopt(types_.${class}, k${class}_, module_, token_);
}
)",
              {{"name", cpp_name(function)},
               {"bind", bind(function)},
               {"conversions", conversions(interface, function)},
               {"where", parameters_name(function)},
               {"api", c::api_name(interface)},
               {"word", c::type_name(interface, *function.owner)},
               {"call", call(interface, function, {}, "nullptr", "*module_")},
               {"class", class_name(*function.owner)}});
}

// What calling the class and its __new__ come to.
std::string constructor(const Function& function) {
  if (!is_constructor(function)) return "";
  return fill(R"(

PyObject* ${class}_call(PyObject* type_, PyObject* const* arguments_, std::size_t count_, PyObject* names_) {
  return ${name}(type_, arguments_, PyVectorcall_NARGS(count_), names_);
}

PyObject* ${class}_new(PyTypeObject* type_, PyObject* positional_, PyObject* named_) {
  return tp::core->call(${class}_call, type_, positional_, named_);
}
)",
              {{"class", class_name(*function.owner)}, {"name", cpp_name(function)}});
}

}  // namespace

bool takes_nothing(const Function& function) {
  return function.method && function.parameters().empty();
}

std::string cpp_name(const Function& function) {
  return class_name(*function.owner) + "_" + std::string(function.name);
}

std::string definition(const Interface& interface, const Function& function) {
  return "\n" + parameters_constant(interface, function) + "\n" +
         (function.creator ? creator_definition(interface, function) + constructor(function)
                           : method_definition(interface, function));
}

}  // namespace tally::generator::python
