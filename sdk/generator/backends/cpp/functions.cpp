// See functions.hpp. Names of our own end in an underscore, which a parameter's can't; `from` is no name that
// a description can use.
#include "generator/backends/cpp/functions.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/cpp/naming.hpp"
#include "generator/backends/cpp/types.hpp"
#include "generator/backends/layout.hpp"
#include "generator/text/fill.hpp"

namespace tally::generator::cpp {

using namespace model;

namespace {

// The functions that have an object are called through its table, the others through the module's.
std::string api(const Function& function) {
  return function.method ? "api_" : "from.api()";
}

std::string returned_type(const Interface& interface, const Function& function) {
  if (function.kind == FunctionKind::create) return owner_name(*function.owner);
  if (function.kind == FunctionKind::allocate) return "tally::Blob";
  return result_type(interface, function.result());
}

std::vector<std::string> parameters(const Interface& interface, const Function& function,
                                    bool with_defaults) {
  std::vector<std::string> list;
  if (!function.method) list.push_back("const Module& from");
  for (const Parameter& each : function.parameters())
    list.push_back(parameter(interface, each, with_defaults));
  if (function.kind == FunctionKind::create && !function.creator)
    list.push_back(fmt::format("std::unique_ptr<{}> methods", methods_name(*function.owner)));
  if (function.kind == FunctionKind::allocate) {
    list.insert(list.end(), {"std::uint64_t size",
                             with_defaults ? "std::uint64_t alignment = 0" : "std::uint64_t alignment",
                             with_defaults ? "bool zeroed = false" : "bool zeroed"});
  }
  return list;
}

// What stands behind the parameters of a method.
std::string qualifiers(const Function& function, bool in_declaration) {
  if (!function.method) return "";
  if (function.consumes_self()) return in_declaration ? " && TALLY_ENDS_OBJECT" : " &&";
  return in_declaration ? " const TALLY_NEEDS_OBJECT" : " const";
}

std::string call(const Interface& interface, const Function& function, const std::string& before,
                 const std::string& out, const std::string& after) {
  std::vector<std::string> arguments;
  if (function.method) arguments.push_back(function.consumes_self() ? "tally::give(*this)" : "handle_");
  for (const Parameter& each : function.parameters()) arguments.push_back(argument(interface, each));
  if (!out.empty()) arguments.push_back(out);
  return list(fmt::format("{}{}->{}(", before, api(function), c::slot_name(function)), arguments, ")" + after,
              2);
}

// ---- Callbacks on their way: ours until the call has succeeded ----

std::string hand_over(const Interface& interface, const Function& function) {
  std::string text;
  for (const Parameter& each : function.parameters()) {
    const auto* type = std::get_if<CallbackType>(&each.type);
    if (!type) continue;
    const Callback& callback = interface.callbacks[type->index];
    text += fmt::format("detail::{0}ToGive {1}_({2}, std::move({1}), &detail::call_{3});\n",
                        callback_name(callback), each.name, api(function), callback.name);
  }
  return text;
}

std::string say_taken(const Function& function) {
  std::string text;
  for (const Parameter& each : function.parameters()) {
    if (std::holds_alternative<CallbackType>(each.type)) text += each.name + "_.taken();\n";
  }
  return text;
}

// ---- Bodies ----

std::string creator_body(const Interface& interface, const Function& function) {
  const std::string type = owner_name(*function.owner);
  const std::string token = c::type_name(interface, *function.owner) + "* const token_ = ";
  return hand_over(interface, function) + call(interface, function, token, "nullptr", ";\n") +
         fmt::format("if (!token_) return detail::fail<{}>(tally_last_error()->status);\n", type) +
         say_taken(function) + fmt::format("return {}(from.api(), token_);\n", type);
}

// Of a class that the host implements: the object goes along as user data.
std::string host_creator_body(const Interface& interface, const Function& function) {
  return fill(R"(
if (!methods) return detail::fail<${class}>(tally::null_pointer(detail::${class}Class::kName));
auto methods_ = tally::hook<detail::Interface>(from.api(), std::move(methods));
${word}* const token_ = from.api()->${slot}(&detail::k${methods}, methods_.get(), nullptr);
if (!token_) return detail::fail<${class}>(tally_last_error()->status);
static_cast<void>(methods_.release());
return ${class}(from.api(), token_);
)",
              {{"class", owner_name(*function.owner)},
               {"word", c::type_name(interface, *function.owner)},
               {"slot", c::slot_name(function)},
               {"methods", methods_name(*function.owner)}});
}

// A method that consumes its object leaves the owner empty, with another table than the result's.
bool outlives_its_table(const Function& function) {
  const Result* const result = function.result();
  return function.consumes_self() && result && std::holds_alternative<ClassType>(result->type);
}

std::string call_body(const Interface& interface, const Function& function) {
  const std::string taken = say_taken(function);
  const Result* const result = function.result();
  if (!result && taken.empty()) return call(interface, function, "return detail::check(", "", ");\n");
  const bool keeps = outlives_its_table(function);
  const Out room = result ? out(interface, *result, keeps ? "table_" : api(function)) : Out{};
  return hand_over(interface, function) + (keeps ? "const Api* const table_ = api_;\n" : "") +
         (result ? room.declaration + "\n" : "") +
         call(interface, function, "const tally_status status_ = ", room.argument, ";\n") +
         fmt::format("if (status_ < 0) return detail::fail<{}>(status_);\n", result_type(interface, result)) +
         taken + (result ? fmt::format("return {};\n", room.value) : "return tally::Result<void>();\n");
}

std::string body(const Interface& interface, const Function& function) {
  if (function.kind == FunctionKind::allocate) {
    return "tally::Blob out_;\n"
           "const tally_status status_ = from.api()->allocate(size, alignment, zeroed, out_.receive());\n"
           "if (status_ < 0) return detail::fail<tally::Blob>(status_);\n"
           "return out_;\n";
  }
  if (function.creator) return creator_body(interface, function);
  return function.kind == FunctionKind::create ? host_creator_body(interface, function)
                                               : call_body(interface, function);
}

std::vector<std::string> about(const Interface& interface, const Function& function) {
  if (function.kind == FunctionKind::allocate) {
    return {
        "Memory of the module's, to fill and to give: `size` bytes at a multiple of `alignment`, which is a "
        "power "
        "of two up to 4096, or 0 for what malloc would do. Fails with TALLY_OUT_OF_MEMORY or "
        "TALLY_LIMIT_REACHED."};
  }
  if (function.kind == FunctionKind::create && !function.creator) {
    return {
        "Makes an object that the module can call. It deletes `methods` when it ends, and so does a create "
        "that "
        "fails."};
  }
  return contract(interface, function);
}

}  // namespace

bool has_wrapper(const Function& function) {
  return function.kind == FunctionKind::create || function.kind == FunctionKind::call ||
         function.kind == FunctionKind::static_call || function.kind == FunctionKind::allocate;
}

bool is_owners(const Function& function) {
  return function.kind == FunctionKind::create || function.consumes_self();
}

std::string declaration(const Interface& interface, const Function& function) {
  const char* const linkage = function.kind == FunctionKind::create ? "static " : "";
  const std::string opening =
      fmt::format("{}tally::Result<{}> {}(", linkage, returned_type(interface, function), function.name);
  return fill(R"(

${comment}
${declaration}
)",
              {{"comment", line_comment(about(interface, function))},
               {"declaration", list(opening, parameters(interface, function, true),
                                    ")" + qualifiers(function, true) + ";", function.owner ? 2 : 0)}});
}

std::string definition(const Interface& interface, const Function& function) {
  const std::string scope = !function.owner       ? ""
                            : is_owners(function) ? owner_name(*function.owner) + "::"
                                                  : reference_name(*function.owner) + "::";
  const std::string opening =
      fmt::format("inline tally::Result<{}> {}{}(", returned_type(interface, function), scope, function.name);
  return fill(
      R"(

${head} {
  ${body}
}
)",
      {{"head", list(opening, parameters(interface, function, false), ")" + qualifiers(function, false))},
       {"body", body(interface, function)}});
}

}  // namespace tally::generator::cpp
