// See functions.hpp. Names of our own end in an underscore, which a parameter's can't.
#include "generator/backends/python/functions.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/c/supplied.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/layout.hpp"
#include "generator/backends/python/kept.hpp"
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

// The module stands first among the parameters of what has no object yet.
std::size_t first_parameter(const Function& function) {
  return takes_module(function) ? 1 : 0;
}

// A class of the host's is made of an implementation.
bool takes_implementation(const Function& function) {
  return function.kind == FunctionKind::create && !function.creator;
}

std::size_t parameter_count(const Function& function) {
  return first_parameter(function) + function.parameters().size() + (takes_implementation(function) ? 1 : 0);
}

std::string parameters_name(const Function& function) {
  return "k" + cpp_name(function) + "_";
}

std::string parameters_constant(const Interface& interface, const Function& function) {
  std::vector<std::string> names;
  std::size_t required = first_parameter(function);
  if (takes_module(function)) names.push_back(python_literal(module_parameter(function)));
  if (takes_implementation(function)) {
    names.emplace_back("\"implementation\"");
    ++required;
  }
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

// What converts memory: a parameter that is lent, or the source of one that is given.
std::string_view memory_class(const Type& type) {
  return std::holds_alternative<Text>(type) ? "tp::Text" : "tp::Bytes";
}

std::string callback_function(const Callback& callback) {
  return "callback_" + callback.name;
}

// The variable that an argument goes into.
std::string variable(const Interface& interface, const Function& function, const Parameter& parameter) {
  const std::string& name = parameter.name;
  const std::string preset = parameter.default_value ? c::default_name(interface, function, parameter) : "";
  if (is_memory(parameter.type) && parameter.passing == Passing::own)
    return fmt::format("tp::GivenMemory<{}> {};\n", memory_class(parameter.type), name);
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
  if (const auto* type = std::get_if<CallbackType>(&parameter.type)) {
    const Callback& callback = interface.callbacks[type->index];
    return fmt::format("tp::Callback<{}> {}({});\n", c::callback_name(interface, callback), name,
                       callback_function(callback));
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

// What can be made of the arguments only when the module is known to be there. `module` is a pointer.
std::string preparations(const Function& function, std::string_view module) {
  std::string text;
  if (takes_implementation(function)) {
    text += fill(R"(
tp::Keeper implementation_;
if (!implementation_.keep(given_[1], ${module})) return nullptr;
)",
                 {{"module", std::string(module)}});
  }
  for (const Parameter& parameter : function.parameters()) {
    if (std::holds_alternative<CallbackType>(parameter.type)) {
      text += fmt::format("if (!{}.keep({})) return nullptr;\n", parameter.name, module);
    } else if (is_memory(parameter.type) && parameter.passing == Passing::own) {
      text += fill(R"(
const tally_status ${name}_made_ = ${name}.make(*${module}, api_->allocate);
if (${name}_made_ < 0) return raise_(${name}_made_);
)",
                   {{"name", parameter.name}, {"module", std::string(module)}});
    }
  }
  if (function.reenters()) text += "tp::UnderWay under_way_;  // raises again what a callback has raised\n";
  return text;
}

// After a success: `owner` reports what the module keeps from now on.
std::string settlements(const Kept& kept, const Function& function, std::string_view owner) {
  std::string text;
  if (takes_implementation(function)) text += fmt::format("implementation_.settle({});\n", owner);
  if (function.consumes_self() && kept.is_reported_by(*function.owner))
    text += fmt::format("ended_.settle({});\n", owner);
  for (const Parameter& parameter : function.parameters())
    if (kept.is_kept(parameter)) text += fmt::format("{}.settle({});\n", parameter.name, owner);
  return text;
}

std::string argument(const Interface& interface, const Parameter& parameter) {
  const std::string& name = parameter.name;
  if (std::holds_alternative<CallbackType>(parameter.type)) return name + ".word()";
  if (is_memory(parameter.type) && parameter.passing == Passing::own) return name + ".word()";
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
  const std::size_t count = parameter_count(function);
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

std::string value_back(const Interface& interface, const Type& type, const std::string& value) {
  if (const auto* of = std::get_if<EnumType>(&type))
    return fmt::format("tp::from_enum(types_.{}, {})", enum_name(interface.enums[of->index]), value);
  switch (std::get<Scalar>(type)) {
    case Scalar::boolean:
      return fmt::format("tp::from_bool({})", value);
    case Scalar::f32:
    case Scalar::f64:
      return fmt::format("PyFloat_FromDouble({})", value);
    case Scalar::u64:
      return fmt::format("PyLong_FromUnsignedLongLong({})", value);
    default:
      return fmt::format("PyLong_FromLongLong({})", value);
  }
}

// `module` is a pointer.
ResultText result(const Interface& interface, const Function& function, const std::string& module) {
  if (!function.result()) return {"", "", "tp::none()"};
  const Type& type = function.result()->type;
  const bool is_text = std::holds_alternative<Text>(type);
  if (is_memory(type) && function.result()->passing == Passing::view) {
    return {"tally_view out_;\n", "&out_",
            fmt::format("tp::core->adopt_view({}, &out_, {})", module, is_text)};
  }
  if (is_text) return {"tally_blob out_;\n", "&out_", "tp::core->text_of(&out_)"};
  if (is_memory(type))
    return {"tally_blob out_;\n", "&out_", fmt::format("tp::core->adopt_blob({}, &out_)", module)};
  if (const auto* of = std::get_if<ClassType>(&type)) {
    const Class& owner = interface.classes[of->index];
    return {fmt::format("{}* out_ = nullptr;\n", c::type_name(interface, owner)), "&out_",
            fmt::format("tp::core->adopt(types_.{0}, k{0}_, {1}, out_)", class_name(owner), module)};
  }
  return {fmt::format("{} out_;\n", c::value_type(interface, type)), "&out_",
          value_back(interface, type, "out_")};
}

// The end of a function that has succeeded: `back` is its result, and `self` what it was called on.
std::string success(const Interface& interface, const Kept& kept, const Function& function,
                    const std::string& back, std::string_view self) {
  const Class* const made = made_class(interface, function);
  const std::string settled = settlements(kept, function, made ? "tp::owner_of(made_)" : self);
  if (settled.empty() || !made) return settled + "return " + back + ";\n";
  return "PyObject* const made_ = " + back + ";\n" + settled + "return made_;\n";
}

constexpr std::string_view kVectorParameters =
    "PyObject* self_, PyObject* const* arguments_, Py_ssize_t count_, PyObject* names_";

std::string method_definition(const Interface& interface, const Kept& kept, const Function& function) {
  const bool is_consumed = function.consumes_self();
  const ResultText out = result(interface, function, "object_.module");
  const std::string word = c::type_name(interface, *function.owner);
  const std::string self =
      is_consumed ? fmt::format("tp::Given<{}> ended_(\"it was ended by {}\");\nended_.take(object_);\n",
                                word, function_name(interface, function))
                  : "";
  const std::string first =
      is_consumed ? "ended_.word()" : fmt::format("static_cast<const {}*>(object_.handle)", word);
  return fill(
      R"(
PyObject* ${name}(${parameters}) {
  ${bind}
  ${conversions}
  tp::Object& object_ = tp::object_of(self_);
  if (!object_.handle) return tp::core->raise_closed(self_, ${where}.function);
  const auto* const api_ = static_cast<const ${api}*>(object_.api);
  ${self}
  ${preparations}
  ${out}
  const tally_status status_ = ${call};
  if (status_ < 0) return raise_(status_);
  ${success}
}
)",
      {{"name", cpp_name(function)},
       {"parameters",
        takes_nothing(function) ? "PyObject* self_, PyObject*" : std::string(kVectorParameters)},
       {"bind", takes_nothing(function) ? "" : bind(function)},
       {"conversions", conversions(interface, function)},
       {"where", parameters_name(function)},
       {"api", c::api_name(interface)},
       {"self", self},
       {"preparations", preparations(function, "object_.module")},
       {"out", out.variable},
       {"call", call(interface, function, {first}, out.argument, "*object_.module")},
       {"success", success(interface, kept, function, out.back, is_consumed ? "nullptr" : "&object_")}});
}

// The check of an implementation, which has every method.
std::string implementation_check(const Function& function) {
  if (!takes_implementation(function) || function.owner->methods.empty()) return "";
  return fmt::format("if (!tp::take_implementation({}, 1, given_[1], k{}_implemented_)) return nullptr;\n",
                     parameters_name(function), class_name(*function.owner));
}

std::string creator_definition(const Interface& interface, const Kept& kept, const Function& function) {
  const std::string owner = class_name(*function.owner);
  const std::vector<std::string> first =
      takes_implementation(function)
          ? std::vector<std::string>{fmt::format("&k{}_table_", owner), "implementation_.user()"}
          : std::vector<std::string>{};
  return fill(R"(
PyObject* ${name}(PyObject*, PyObject* const* arguments_, Py_ssize_t count_, PyObject* names_) {
  ${bind}
  ${conversions}
  ${check}
  tp::ModuleObject* const module_ = tp::take_module(${where}, given_[0], types_.Module);
  if (!module_) return nullptr;
  const auto* const api_ = reinterpret_cast<const ${api}*>(module_->api);
  ${preparations}
  ${word}* const token_ = ${call};
  if (!token_) return raise_(tally_last_error()->status);
  ${success}
}
)",
              {{"name", cpp_name(function)},
               {"bind", bind(function)},
               {"conversions", conversions(interface, function)},
               {"check", implementation_check(function)},
               {"where", parameters_name(function)},
               {"api", c::api_name(interface)},
               {"preparations", preparations(function, "module_")},
               {"word", c::type_name(interface, *function.owner)},
               {"call", call(interface, function, first, "nullptr", "*module_")},
               {"success", success(interface, kept, function,
                                   fmt::format("tp::core->adopt(types_.{0}, k{0}_, module_, token_)", owner),
                                   "nullptr")}});
}

std::string static_definition(const Interface& interface, const Kept& kept, const Function& function) {
  const ResultText out = result(interface, function, "module_");
  return fill(R"(
PyObject* ${name}(PyObject*, PyObject* const* arguments_, Py_ssize_t count_, PyObject* names_) {
  ${bind}
  ${conversions}
  tp::ModuleObject* const module_ = tp::take_module(${where}, given_[0], types_.Module);
  if (!module_) return nullptr;
  const auto* const api_ = reinterpret_cast<const ${api}*>(module_->api);
  ${preparations}
  ${out}
  const tally_status status_ = ${call};
  if (status_ < 0) return raise_(status_);
  ${success}
}
)",
              {{"name", cpp_name(function)},
               {"bind", bind(function)},
               {"conversions", conversions(interface, function)},
               {"where", parameters_name(function)},
               {"api", c::api_name(interface)},
               {"preparations", preparations(function, "module_")},
               {"out", out.variable},
               {"call", call(interface, function, {}, out.argument, "*module_")},
               {"success", success(interface, kept, function, out.back, "nullptr")}});
}

std::string retain_definition(const Interface& interface, const Function& function) {
  return fill(R"(
PyObject* ${name}(PyObject* self_, PyObject*) {
  const tp::Object& object_ = tp::object_of(self_);
  if (!object_.handle) return tp::core->raise_closed(self_, ${function});
  const auto* const api_ = static_cast<const ${api}*>(object_.api);
  ${word}* const token_ = api_->${slot}(static_cast<const ${word}*>(object_.handle), nullptr);
  if (!token_) return raise_(tally_last_error()->status);
  return tp::core->adopt(types_.${class}, k${class}_, object_.module, token_);
}
)",
              {{"name", cpp_name(function)},
               {"function", python_literal(function_name(interface, function))},
               {"api", c::api_name(interface)},
               {"word", c::type_name(interface, *function.owner)},
               {"slot", c::slot_name(function)},
               {"class", class_name(*function.owner)}});
}

std::string allocate_definition(const Interface& interface, const Function& function) {
  return fill(R"(
PyObject* ${name}(PyObject*, PyObject* const* arguments_, Py_ssize_t count_, PyObject* names_) {
  tp::Allocation wanted_;
  if (!wanted_.take("${function}", types_.Module, arguments_, count_, names_)) return nullptr;
  const auto* const api_ = reinterpret_cast<const ${api}*>(wanted_.module->api);
  tally_blob out_;
  const tally_status status_ = api_->allocate(wanted_.size, wanted_.alignment, wanted_.zeroed, &out_);
  if (status_ < 0) return raise_(status_);
  return tp::core->adopt_blob(wanted_.module, &out_);
}
)",
              {{"name", cpp_name(function)},
               {"function", function_name(interface, function)},
               {"api", c::api_name(interface)}});
}

// ---- what C calls ----

// An object that is given along is a variable; all else is converted where it is passed on.
std::string received(const Interface& interface, const std::vector<Parameter>& parameters,
                     const std::string& where) {
  std::string text;
  for (const Parameter& parameter : parameters) {
    const auto* const type = std::get_if<ClassType>(&parameter.type);
    if (!type || parameter.passing != Passing::own) continue;
    const Class& owner = interface.classes[type->index];
    text += fmt::format("tp::Received<{}> {}_(upcall_.module({}), types_.{}, k{}_, {});\n",
                        c::type_name(interface, owner), parameter.name, where, class_name(owner),
                        class_name(owner), parameter.name);
  }
  return text;
}

std::string kept(const std::vector<Parameter>& parameters) {
  std::string text;
  for (const Parameter& parameter : parameters)
    if (std::holds_alternative<ClassType>(parameter.type) && parameter.passing == Passing::own)
      text += parameter.name + "_.keep();\n";
  return text;
}

std::string passed_on(const Interface& interface, const Parameter& parameter, const std::string& where) {
  const std::string& name = parameter.name;
  if (std::holds_alternative<Text>(parameter.type)) return fmt::format("tp::from_text({0}, {0}_size)", name);
  if (std::holds_alternative<Bytes>(parameter.type))
    return fmt::format("tp::from_bytes({0}, {0}_size)", name);
  if (const auto* type = std::get_if<ClassType>(&parameter.type)) {
    if (parameter.passing == Passing::own) return name + "_.argument()";
    const std::string owner = class_name(interface.classes[type->index]);
    return fmt::format("tp::lent(upcall_.module({0}), types_.{1}, k{1}_, {2})", where, owner, name);
  }
  return value_back(interface, parameter.type, name);
}

// The expression that converts what Python returned; empty if C wants nothing.
std::string taken_back(const Interface& interface, const Result* result, const std::string& where) {
  if (!result) return "";
  const std::string head = fmt::format("{}, tp::kResult, result_, ", where);
  if (is_memory(result->type)) {
    return fmt::format("tp::give_result<{}>(upcall_, {}, result_, allocate_of, out)",
                       memory_class(result->type), where);
  }
  if (const auto* of = std::get_if<EnumType>(&result->type))
    return fmt::format("tp::take_enum({}types_.{}, *out)", head, enum_name(interface.enums[of->index]));
  const Scalar scalar = std::get<Scalar>(result->type);
  if (scalar == Scalar::boolean) return fmt::format("tp::take_bool({}*out)", head);
  const bool is_float = scalar == Scalar::f32 || scalar == Scalar::f64;
  return fmt::format("tp::{}({}*out)", is_float ? "take_float" : "take_integer", head);
}

struct UpcallText {
  std::string name;
  std::string where;  // its Parameters
  std::string call;   // "call(" or "call_method(\"write\", "
};

std::string upcall(const Interface& interface, const UpcallText& text, const c::Signature& signature,
                   const std::vector<Parameter>& parameters, const Result* result) {
  std::vector<std::string> c_parameters = c::parameter_list(signature);
  c_parameters.front() = "void *user_";
  std::vector<std::string> arguments;
  for (const Parameter& parameter : parameters)
    arguments.push_back(passed_on(interface, parameter, text.where));
  const std::string back = taken_back(interface, result, text.where);
  const std::string call =
      list("PyObject* const result_ = upcall_." + text.call + "{", arguments, "});\n", 2);
  const std::string check = back.empty() ? "!result_" : "!result_ || !" + back;
  const bool is_short = check.size() + 33 < kLineWidth;
  return fill(
      R"(

${head}
  tp::Upcall upcall_(user_);
  if (!upcall_) return upcall_.status();
  ${received}
  ${call}
  ${check}
  ${kept}
  return TALLY_OK;
}
)",
      {{"head", list("tally_status TALLY_CALL " + text.name + "(", c_parameters, ") {")},
       {"received", received(interface, parameters, text.where)},
       {"call", call},
       {"check", "if (" + check + (is_short ? ") return upcall_.fail();" : ")\n  return upcall_.fail();")},
       {"kept", kept(parameters)}});
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

bool is_offered(const Function& function) {
  switch (function.kind) {
    case FunctionKind::create:
    case FunctionKind::call:
    case FunctionKind::static_call:
    case FunctionKind::retain:
    case FunctionKind::allocate:
      return true;
    default:
      return false;
  }
}

bool takes_nothing(const Function& function) {
  return function.kind == FunctionKind::retain || (function.method && function.parameters().empty());
}

std::string cpp_name(const Function& function) {
  return (function.owner ? class_name(*function.owner) : "static") + "_" + std::string(function.name);
}

std::string definition(const Interface& interface, const Kept& kept, const Function& function) {
  if (function.kind == FunctionKind::retain) return "\n" + retain_definition(interface, function);
  if (function.kind == FunctionKind::allocate) return "\n" + allocate_definition(interface, function);
  return "\n" + parameters_constant(interface, function) + "\n" +
         (function.kind == FunctionKind::create
              ? creator_definition(interface, kept, function) + constructor(function)
          : function.method ? method_definition(interface, kept, function)
                            : static_definition(interface, kept, function));
}

std::string definition(const Interface& interface, const Callback& callback) {
  const std::string name = callback_function(callback);
  const std::string where = "k" + name + "_";
  const std::string function = upcall(interface, {name, where, "call("}, c::signature(interface, callback),
                                      callback.parameters, callback.result ? &*callback.result : nullptr);
  // Only what can fail says where it did.
  if (function.find(where) == std::string::npos) return function;
  return "\n" +
         fmt::format("constexpr tp::Parameters {} = {{{}, nullptr, 0, 0, 0}};\n", where,
                     python_literal(callback_name(interface, callback))) +
         function;
}

std::string implementation(const Interface& interface, const Class& owner) {
  const std::string name = class_name(owner);
  std::string text;
  std::vector<std::string> names;
  std::vector<std::string> slots = {"tp::release"};
  for (const Method& method : c::methods_in_order(owner)) {
    const std::string function = name + "_" + method.name + "_implemented_";
    const std::string where = "k" + name + "_" + method.name + "_";
    text += upcall(interface, {function, where, "call_method(" + python_literal(method.name) + ", "},
                   c::host_signature(interface, method), method.parameters,
                   method.result ? &*method.result : nullptr);
    names.push_back(python_literal(method.name));
    slots.push_back(function);
  }
  if (!names.empty())
    text += "\n" + list(fmt::format("constexpr const char* k{}_implemented_[] = {{", name), names, "};\n");
  return text + fill(R"(

constexpr ${table} k${class}_table_ = {
    {sizeof(${table}), ${upper}_VERSION_MAJOR, ${upper}_VERSION_MINOR},
    ${slots}};
)",
                     {{"class", name},
                      {"table", c::methods_name(interface, owner)},
                      {"upper", upper_case(interface.name)},
                      {"slots", join(slots, ",\n")}});
}

}  // namespace tally::generator::python
