// See functions.hpp. Names of our own end in an underscore, which a parameter's can't.
#include "generator/backends/module/functions.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/cpp/naming.hpp"
#include "generator/backends/layout.hpp"
#include "generator/backends/module/arguments.hpp"
#include "generator/backends/module/naming.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::module {

using namespace model;

namespace {

// "CALL, [&]() -> decltype(auto) { BODY }REST)" with the body on lines of its own.
std::string with_lambda(const std::string& call, const std::string& body, const std::string& rest = "") {
  std::string text = fill(R"(
${call}, [&]() -> decltype(auto) {
  ${body}
}${rest})
)",
                          {{"call", call}, {"body", body}, {"rest", rest}});
  text.pop_back();  // the newline: the text goes on
  return text;
}

// What failures of this call name.
std::string call_of(const Interface& interface, const Function& function) {
  return fmt::format(
      "static constexpr rt::Function function_{{interface_, \"{}\"{}}};\n"
      "const rt::Call call_{{function_, TALLY_CALLER}};\n",
      c::function_name(interface, function), function.kind == FunctionKind::try_destroy ? ", true" : "");
}

// The place of the parent of what the function makes; nothing if it has none.
std::string parent_place(const Interface& interface, const Function& function) {
  const ParentSource* const source = function.parent();
  if (!source) return "";
  const std::string self = function.consumes_self() ? "*self" : "self";
  switch (source->kind) {
    case ParentSource::Kind::self:
      return fmt::format("{}.place_of({})", table_name(*function.owner), self);
    case ParentSource::Kind::parent_of_self:
      return fmt::format("{}.parent_of({})", table_name(*function.owner), self);
    case ParentSource::Kind::parameter: {
      const Parameter& parameter = function.parameters()[source->parameter];
      return fmt::format("{}.place_of({})", table_name(class_of(interface, parameter.type)), parameter.name);
    }
  }
  return "";
}

// The same as a further argument.
std::string and_parent(const Interface& interface, const Function& function) {
  const std::string place = parent_place(interface, function);
  return place.empty() ? "" : ", " + place;
}

// ---- Creators ----

std::string construction(const Interface& interface, const Function& function, const Class& of) {
  const std::string type = object_type(interface, of);
  const std::string maker = function.name == "create" ? type : fmt::format("{}::{}", type, function.name);
  return list(fmt::format("return {}(", maker), arguments(interface, function), ");", 4);
}

// An array is made of elements, each with the arguments that follow the count.
std::string array_construction(const Interface& interface, const Function& function) {
  const Class& element = interface.classes[function.owner->element];
  std::vector<std::string> given = arguments(interface, function);
  given.erase(given.begin());
  const std::string make = list(fmt::format("return {}(", object_type(interface, element)), given, ");", 6);
  return "return " +
         with_lambda(
             fmt::format("{}({}, call_, count", object_type(interface, *function.owner), table_name(element)),
             make) +
         ";";
}

std::string created(const Interface& interface, const Function& function) {
  if (!function.creator)
    return fmt::format("return {}(methods, user);", object_type(interface, *function.owner));
  return function.owner->kind == ClassKind::array ? array_construction(interface, function)
                                                  : construction(interface, function, *function.owner);
}

std::string creator_body(const Interface& interface, const Function& function) {
  const std::string settled = settlements(function);
  const std::string create = with_lambda(table_name(*function.owner) + ".create(call_, &token_",
                                         created(interface, function), and_parent(interface, function));
  const std::string host_check =
      "if (rt::check_methods(call_, methods ? &methods->header : nullptr) < 0) return rt::no_object(call_, "
      "error);\n";
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
               {"checks", function.creator ? checks(interface, function, false) : host_check},
               {"word", c::type_name(interface, *function.owner)},
               {"create", (settled.empty() ? "" : "const tally_status status_ = ") + create},
               {"settled", settled}});
}

// ---- Methods and static functions ----

std::string invocation(const Interface& interface, const Function& function, const std::string& before,
                       const std::string& after) {
  const std::string callee = function.static_function   ? "author::"
                             : function.consumes_self() ? "std::move(*object_)."
                                                        : "object_->";
  return list(fmt::format("{}{}{}(", before, callee, function.name), arguments(interface, function),
              ")" + after, 4);
}

std::string memory_outcome(const Interface& interface, const Function& function) {
  const std::string author = invocation(interface, function, "return ", ";");
  const std::string kind = std::holds_alternative<Text>(function.result()->type) ? "text" : "bytes";
  if (function.result()->passing == Passing::view) {
    const std::string place = fmt::format("{}.place_of(self)", table_name(*function.owner));
    return with_lambda(fmt::format("view_table_.open_{}(call_, out, {}", kind, place), author);
  }
  if (function.owner && function.owner->kind == ClassKind::host)
    return with_lambda("rt::pass_on(call_, out", author);  // it is a blob already
  return with_lambda(fmt::format("blob_table_.produce_{}(call_, out", kind), author);
}

// What stands around the author's call so that its result is the described value: of another type it is an
// error of compiling, and of no value of the enum one of the call.
struct ResultCast {
  std::string before;
  std::string after;
};

ResultCast result_cast(const Interface& interface, const Type& type) {
  const std::string c_type = c::value_type(interface, type);
  if (std::holds_alternative<EnumType>(type)) {
    return {fmt::format("rt::choice<{}::{}>(", interface.name, cpp::value_type(interface, type)),
            ", " + choices(interface, type) + ")"};
  }
  const bool is_flag = cpp::value_type(interface, type) == "bool";
  return {fmt::format("rt::{}<{}>(", is_flag ? "flag" : "number", c_type), ")"};
}

// The author's call, with its result in *out: an expression of type tally_status.
std::string outcome(const Interface& interface, const Function& function) {
  const Result* const result = function.result();
  if (!result)
    return with_lambda("rt::guard(call_", invocation(interface, function, "", ";\nreturn TALLY_OK;"));
  if (is_memory(result->type)) return memory_outcome(interface, function);
  if (is_class(result->type)) {
    return with_lambda(
        fmt::format("rt::produce({}, call_, out", table_name(class_of(interface, result->type))),
        invocation(interface, function, "return ", ";"), and_parent(interface, function));
  }
  const ResultCast cast = result_cast(interface, result->type);
  return with_lambda("rt::guard(call_", invocation(interface, function, "*out = " + cast.before,
                                                   cast.after + ";\nreturn TALLY_OK;"));
}

// A view, or a call that is inside, forbids what would pull the object from under it.
std::string check_is_free(const Function& function) {
  const Class& owner = *function.owner;
  const bool consumes = function.consumes_self();
  if (owner.is_shareable())
    return "";  // what is consumed is looked at with the token, what moves with the views
  const bool matters = consumes ? owner.has_views || owner.can_be_inside
                                : function.method && function.method->invalidates && owner.has_views;
  if (!matters) return "";
  const std::string check = fmt::format("{}.check_is_free(call_, {}, {})", table_name(owner),
                                        consumes ? "*self" : "self", consumes ? "true" : "false");
  return refuse_unless(check, true);
}

// What the call comes back for, or another thread, can't open a view that it would then move.
std::string hold_views(const Function& function) {
  const Class& owner = *function.owner;
  const bool consumes = function.consumes_self();
  const bool moves = consumes ? !owner.is_shareable() : function.method && function.method->invalidates;
  if (!moves || !owner.has_views || !(function.reenters() || owner.is_shareable())) return "";
  return fmt::format("const rt::Moving moving_({}, call_, {});\n", table_name(owner),
                     consumes ? "*self" : "self") +
         refuse_unless("moving_.status()", true);
}

std::string family_of_consumed(const Function& function) {
  if (function.owner->threads != Threads::with_parent) return "";
  return fmt::format("const rt::FamilyUse self_family_({}, call_, \"self\", *self);\n",
                     table_name(*function.owner)) +
         refuse_unless("self_family_.status()", true);
}

std::string find_self(const Interface& interface, const Function& function) {
  const std::string table = table_name(*function.owner);
  if (function.consumes_self()) {
    const std::string check = check_is_free(function);
    return (check.empty() ? "" : "if (!self) return rt::null_argument(call_, \"self\");\n" + check) +
           fmt::format("rt::Consuming self_({}, call_, self);\n", table) +
           refuse_unless("self_.status()", true) + family_of_consumed(function) +
           "auto* const object_ = self_.object();\n" + hold_views(function);
  }
  if (function.owner->is_shareable())
    return use_object(*function.owner, "object_", "self", true) + hold_views(function);
  if (function.reenters()) {
    return fmt::format("const rt::Pin self_pin_({}, call_, \"self\", self);\n", table) +
           refuse_unless("self_pin_.status()", true) + "auto* const object_ = self_pin_.object();\n" +
           check_is_free(function) + hold_views(function);
  }
  return find_object(interface, *function.owner, "object_", "self", true) + check_is_free(function);
}

std::string check_out(const Function& function) {
  return function.result() ? "if (!out) return rt::null_argument(call_, \"out\");\n*out = {};\n" : "";
}

// The checks of the arguments, the author's call, and what follows from its outcome.
std::string author_call(const Interface& interface, const Function& function) {
  const std::string settled = settlements(function);
  return fill(
      R"(
${checks}
${author};
${settled}
)",
      {{"checks", checks(interface, function, true)},
       {"author",
        (settled.empty() ? "return " : "const tally_status status_ = ") + outcome(interface, function)},
       {"settled", settled.empty() ? "" : settled + "return status_;\n"}});
}

// A method that finds its object by a comparison and does not hold on to it: most are. The exported function
// is only what runs for most; all else is in a function beside it, so that it saves no registers for that.
bool finds_at_once(const Function& function) {
  return function.kind == FunctionKind::call && function.method && !function.consumes_self() &&
         !function.reenters() && !function.owner->is_shareable();
}

// These end in an underscore, which no name of a function does.
std::string found_name(const Function& function) {
  return c::slot_name(function) + "_found_";
}
std::string elsewhere_name(const Function& function) {
  return c::slot_name(function) + "_elsewhere_";
}

// The parameters as they are declared.
std::vector<std::string> declared(const c::Signature& signature) {
  std::vector<std::string> parameters;
  for (const c::CParameter& each : signature.parameters)
    parameters.push_back(cpp::respace(c::declare(each.type, each.name)));
  return parameters;
}

// "return FUNCTION(first, the parameters, call_);"
std::string pass_on(const Interface& interface, const Function& function, const std::string& callee,
                    std::vector<std::string> arguments) {
  for (const c::CParameter& each : c::signature(interface, function).parameters)
    arguments.push_back(each.name);
  arguments.emplace_back("call_");
  return list(fmt::format("return {}(", callee), arguments, ");\n", 4);
}

// The functions beside a method that finds its object at once.
std::string functions_beside(const Interface& interface, const Function& function) {
  const std::string object = object_type(interface, *function.owner) + "* object_";
  std::vector<std::string> parameters = declared(c::signature(interface, function));
  parameters.emplace_back("rt::Call call_");
  std::vector<std::string> with_object = parameters;
  with_object.front() = "[[maybe_unused]] " + with_object.front();
  with_object.insert(with_object.begin(), object);
  return fill(
      R"(

${found} {
  ${free}
  ${author}
}
${elsewhere} {
  ${object} = ${table}.find_elsewhere(self);
  if (!object_) return ${table}.refuse_object(call_, "self", self);
  ${pass_on}
}
)",
      {{"found", list(fmt::format("[[gnu::always_inline]] inline tally_status {}(", found_name(function)),
                      with_object, ")")},
       {"free", check_is_free(function)},
       {"author", author_call(interface, function)},
       {"elsewhere",
        list(fmt::format("[[gnu::cold, gnu::noinline]] static tally_status {}(", elsewhere_name(function)),
             parameters, ")")},
       {"object", object_type(interface, *function.owner) + "* const object_"},
       {"table", table_name(*function.owner)},
       {"pass_on", pass_on(interface, function, found_name(function), {"object_"})}});
}

std::string at_once_body(const Interface& interface, const Function& function) {
  return fill(R"(
${call}
${out}
${object} = ${table}.find_at_once(self);
if (!object_) [[unlikely]]
  ${elsewhere}
${found}
)",
              {{"call", call_of(interface, function)},
               {"out", check_out(function)},
               {"object", object_type(interface, *function.owner) + "* const object_"},
               {"table", table_name(*function.owner)},
               {"elsewhere", pass_on(interface, function, elsewhere_name(function), {})},
               {"found", pass_on(interface, function, found_name(function), {"object_"})}});
}

std::string call_body(const Interface& interface, const Function& function) {
  if (finds_at_once(function)) return at_once_body(interface, function);
  return call_of(interface, function) + check_out(function) +
         (function.method ? find_self(interface, function) : "") + author_call(interface, function);
}

// ---- What every class has ----

// Size and element of an array, which is the runtime's own class.
std::string array_body(const Interface& interface, const Function& function) {
  return call_of(interface, function) + "if (!out) return rt::null_argument(call_, \"out\");\n*out = {};\n" +
         find_self(interface, function) +
         (function.kind == FunctionKind::size ? "*out = object_->size();\nreturn TALLY_OK;\n"
                                              : "return object_->at(call_, index, out);\n");
}

std::string retain_body(const Interface& interface, const Function& function) {
  return call_of(interface, function) +
         fmt::format(
             "const rt::Word token_ = {}.{}(call_, self);\n"
             "return token_ != 0 ? rt::as_pointer<{}>(token_) : rt::no_object(call_, error);\n",
             table_name(*function.owner), function.owner->is_shareable() ? "retain_within" : "retain",
             c::type_name(interface, *function.owner));
}

std::string standard_body(const Interface& interface, const Function& function) {
  const std::string table = table_name(*function.owner);
  const std::string word = c::type_name(interface, *function.owner);
  const std::string call = call_of(interface, function);
  switch (function.kind) {
    case FunctionKind::destroy:
      return call + fmt::format("return {}.destroy(call_, \"owner\", owner);\n", table);
    case FunctionKind::release:
      return call + fmt::format("return {}.{}(call_, \"owner\", owner);\n", table,
                                function.owner->is_shareable() ? "destroy" : "release");
    case FunctionKind::try_destroy:
      return call + fmt::format("return {}.try_destroy(call_, \"owner\", owner);\n", table);
    case FunctionKind::retain:
      return retain_body(interface, function);
    case FunctionKind::ref:
      return call + fmt::format("return rt::as_pointer<const {}>({}.ref(call_, self));\n", word, table);
    case FunctionKind::same:
      return fmt::format("return {0}.id(a) != 0 && {0}.id(a) == {0}.id(b);\n", table);
    case FunctionKind::size:
    case FunctionKind::at:
      return array_body(interface, function);
    default:
      return fmt::format("return {}.id(self);\n", table);
  }
}

std::string body(const Interface& interface, const Function& function) {
  switch (function.kind) {
    case FunctionKind::create:
      return creator_body(interface, function);
    case FunctionKind::call:
    case FunctionKind::static_call:
      return call_body(interface, function);
    case FunctionKind::allocate:
      return call_of(interface, function) +
             "return blob_table_.allocate(call_, size, alignment, zeroed != 0, out);\n";
    default:
      return standard_body(interface, function);
  }
}

}  // namespace

std::string definition(const Interface& interface, const Function& function) {
  const c::Signature of = c::signature(interface, function);
  const std::string returns = cpp::respace(of.returns);
  const std::string hidden = hidden_name(interface, function);
  const std::vector<std::string> parameters = declared(of);
  const std::string exported =
      fmt::format("TALLY_EXPORT {} TALLY_CALL {}(", returns, c::function_name(interface, function));
  return fill(
      R"(

${beside}
${definition} {
  ${body}
}
${exported}
)",
      {{"beside", finds_at_once(function) ? functions_beside(interface, function) : ""},
       {"definition", list(fmt::format("TALLY_ENTRY {} TALLY_CALL {}(", returns, hidden), parameters, ")")},
       {"exported", list(exported, parameters, fmt::format(")\n    TALLY_ALIAS(\"{}\");", hidden))},
       {"body", body(interface, function)}});
}

}  // namespace tally::generator::module
