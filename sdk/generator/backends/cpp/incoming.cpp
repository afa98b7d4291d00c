// See incoming.hpp. Names of our own end in an underscore, which a parameter's can't.
#include "generator/backends/cpp/incoming.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/c/supplied.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/cpp/naming.hpp"
#include "generator/backends/cpp/types.hpp"
#include "generator/backends/layout.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::cpp {

using namespace model;

namespace {

const Result* result_of(const std::optional<Result>& result) {
  return result ? &*result : nullptr;
}

// A C function of the host's: "inline tally_status TALLY_CALL call_progress(void* user_, ...) noexcept".
std::string trampoline(const std::string& name, const c::Signature& of, const std::string& call) {
  std::vector<std::string> parameters;
  for (const c::CParameter& each : of.parameters)
    parameters.push_back(respace(c::declare(each.type, each.of ? each.name : each.name + "_")));
  return fill(
      R"(

${head} {
  ${call}
}
)",
      {{"head", list(fmt::format("inline tally_status TALLY_CALL {}(", name), parameters, ") noexcept")},
       {"call", call}});
}

// The body of one: `target` is the type that is kept, `callee` what is called of it.
std::string answer(const Interface& interface, const std::string& target, const std::string& callee,
                   const std::vector<Parameter>& parameters, bool has_result) {
  std::vector<std::string> arguments;
  for (const Parameter& each : parameters)
    arguments.push_back(incoming_argument(interface, each, "hook_.api"));
  return fill(R"(
auto& hook_ = tally::Hook<Interface, ${target}>::of(user_);
const auto run_ = [&] {
  ${call}
};
return tally::answer<Interface>(run_${out});
)",
              {{"target", target},
               {"call", list("return hook_.target" + callee + "(", arguments, ");", 4)},
               {"out", has_result ? ", out_" : ""}});
}

std::string callback_trampoline(const Interface& interface, const Callback& callback) {
  const std::string name = callback_name(callback);
  const std::string given = fmt::format("\nusing {}ToGive = tally::HandedOver<{}, Interface, {}>;\n", name,
                                        c::callback_name(interface, callback), name);
  return given + trampoline("call_" + callback.name, c::signature(interface, callback),
                            answer(interface, name, "", callback.parameters, callback.result.has_value()));
}

// A function for each method, and the table that says where they are.
std::string host_trampolines(const Interface& interface, const Class& owner) {
  const std::string target = fmt::format("std::unique_ptr<{}>", methods_name(owner));
  std::string text;
  std::vector<std::string> slots = {fmt::format("&tally::Hook<Interface, {}>::release", target)};
  for (const Method& method : c::methods_in_order(owner)) {
    const std::string name = fmt::format("call_{}_{}", owner.name, method.name);
    text += trampoline(
        name, c::host_signature(interface, method),
        answer(interface, target, "->" + method.name, method.parameters, method.result.has_value()));
    slots.push_back("&" + name);
  }
  const std::string upper = upper_case(interface.name);
  return text + fill(R"(

inline constexpr ${type} k${methods} = {
    {sizeof(${type}), ${upper}_VERSION_MAJOR, ${upper}_VERSION_MINOR},
    ${slots}};
)",
                     {{"type", c::methods_name(interface, owner)},
                      {"methods", methods_name(owner)},
                      {"upper", upper},
                      {"slots", join(slots, ",\n")}});
}

bool is_later(const Interface& interface, const Method& method) {
  return method.since > Version{interface.version.major, 0};
}

std::string virtual_method(const Interface& interface, const Method& method) {
  const std::string opening = fmt::format("virtual tally::Result<{}> {}(",
                                          result_type(interface, result_of(method.result)), method.name);
  return fill(R"(

${comment}
${declaration}
)",
              {{"comment", line_comment(host_contract(interface, method))},
               {"declaration", list(opening, incoming_parameters(interface, method.parameters),
                                    is_later(interface, method) ? ");" : ") = 0;", 2)}});
}

}  // namespace

std::string callback_types(const Interface& interface) {
  std::string text;
  for (const Callback& callback : interface.callbacks) {
    const std::string opening =
        fmt::format("using {} = std::function<tally::Result<{}>(", callback_name(callback),
                    result_type(interface, result_of(callback.result)));
    text += fill(R"(

${comment}
${alias}
)",
                 {{"comment", line_comment(contract(interface, callback))},
                  {"alias", list(opening, incoming_parameters(interface, callback.parameters), ")>;")}});
  }
  return text;
}

std::string methods_class(const Interface& interface, const Class& owner) {
  if (owner.kind != ClassKind::host) return "";
  std::string methods;
  for (const Method& method : owner.methods) methods += virtual_method(interface, method);
  return fill(
      R"(

${comment}
class ${class} {
 public:
  ${class}() = default;
  ${class}(const ${class}&) = delete;
  ${class}& operator=(const ${class}&) = delete;
  virtual ~${class}() = default;
  ${methods}
};
)",
      {{"comment", line_comment({fmt::format(
                       "Derive from it to implement a {}: modules call it through the object that "
                       "{}::create makes. What an override throws fails the call that it is part of: a "
                       "tally::Error with its status, all else as TALLY_EXCEPTION.",
                       owner.name, owner_name(owner))})},
       {"class", methods_name(owner)},
       {"methods", methods}});
}

std::string methods_defaults(const Interface& interface, const Class& owner) {
  if (owner.kind != ClassKind::host) return "";
  std::string text;
  for (const Method& method : owner.methods) {
    if (!is_later(interface, method)) continue;
    std::vector<std::string> types;
    for (const Parameter& each : method.parameters) {
      const std::string whole = incoming_parameter(interface, each);
      types.push_back(whole.substr(0, whole.rfind(' ')));
    }
    const std::string type = result_type(interface, result_of(method.result));
    text +=
        fill(R"(

${head} {
  return detail::fail<${type}>(tally::not_implemented("${interface}.${class}.${method}"));
}
)",
             {{"head",
               list(fmt::format("inline tally::Result<{}> {}::{}(", type, methods_name(owner), method.name),
                    types, ")")},
              {"type", type},
              {"interface", interface.name},
              {"class", owner.name},
              {"method", method.name}});
  }
  return text;
}

std::string trampolines(const Interface& interface) {
  std::string text;
  for (const Callback& callback : interface.callbacks) text += callback_trampoline(interface, callback);
  for (const Class& owner : interface.classes)
    if (owner.kind == ClassKind::host) text += host_trampolines(interface, owner);
  if (text.empty()) return "";
  return fill(R"(

// ---- What modules call ----

namespace detail {
${functions}

}  // namespace detail
)",
              {{"functions", text}});
}

}  // namespace tally::generator::cpp
