// See functions.hpp.
#include "generator/model/functions.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace tally::generator::model {

namespace {

// What a class has beside what the description gives it.
std::vector<std::pair<FunctionKind, std::string_view>> standard_functions(ClassKind kind) {
  using enum FunctionKind;
  switch (kind) {
    case ClassKind::single:
      return {{destroy, "destroy"}, {try_destroy, "try_destroy"}, {ref, "ref"}, {same, "same"}, {id, "id"}};
    case ClassKind::counted:
      return {{release, "release"}, {retain, "retain"}, {ref, "ref"}, {same, "same"}, {id, "id"}};
    case ClassKind::array:
      return {{destroy, "destroy"},
              {try_destroy, "try_destroy"},
              {ref, "ref"},
              {same, "same"},
              {id, "id"},
              {size, "size"},
              {at, "at"}};
    case ClassKind::host:
      return {{destroy, "destroy"}, {try_destroy, "try_destroy"}, {ref, "ref"}, {same, "same"}, {id, "id"},
              {create, "create"}};
  }
  return {};
}

void add_class(std::vector<Function>& functions, const Class& owner) {
  for (const auto& [kind, name] : standard_functions(owner.kind))
    functions.push_back({kind, &owner, name, owner.since});
  for (const Creator& creator : owner.creators)
    functions.push_back({FunctionKind::create, &owner, creator.name, creator.since, &creator});
  for (const Method& method : owner.methods)
    functions.push_back({FunctionKind::call, &owner, method.name, method.since, nullptr, &method});
}

void add_static_functions(std::vector<Function>& functions, const Interface& interface) {
  for (const StaticFunction& each : interface.functions)
    functions.push_back({FunctionKind::static_call, nullptr, each.name, each.since, nullptr, nullptr, &each});
}

bool is_owned_memory(const Type& type, Passing passing) {
  const bool is_memory = std::holds_alternative<Text>(type) || std::holds_alternative<Bytes>(type);
  return is_memory && passing == Passing::own;
}

// Whether the caller gives memory: as an argument, or as what a method of the host's returns.
bool is_given_memory(const Function& function) {
  const Result* const result = function.result();
  const bool is_hosts = function.owner && function.owner->kind == ClassKind::host;
  return (is_hosts && result && is_owned_memory(result->type, result->passing)) ||
         std::ranges::any_of(function.parameters(), [](const Parameter& parameter) {
           return is_owned_memory(parameter.type, parameter.passing);
         });
}

// Since when callers need blobs to fill; none if they never do.
std::optional<Version> first_owned_memory(const std::vector<Function>& functions) {
  std::optional<Version> first;
  for (const Function& function : functions)
    if (is_given_memory(function)) first = first ? std::min(*first, function.since) : function.since;
  return first;
}

void put_in_order(std::vector<Function>& functions) {
  std::ranges::stable_sort(functions, {}, &Function::since);
}

}  // namespace

const std::vector<Parameter>& Function::parameters() const {
  static const std::vector<Parameter> none;
  if (creator) return creator->parameters;
  if (method) return method->parameters;
  return static_function ? static_function->parameters : none;
}

const Result* Function::result() const {
  const std::optional<Result>* const result = method            ? &method->result
                                              : static_function ? &static_function->result
                                                                : nullptr;
  return result && *result ? &**result : nullptr;
}

const ParentSource* Function::parent() const {
  const std::optional<ParentSource>* const parent = creator           ? &creator->parent
                                                    : method          ? &method->parent
                                                    : static_function ? &static_function->parent
                                                                      : nullptr;
  return parent && *parent ? &**parent : nullptr;
}

bool Function::reenters() const {
  return (creator && creator->reenters) || (method && method->reenters) ||
         (static_function && static_function->reenters);
}

bool Function::consumes_self() const {
  return method && method->consumes_self;
}

bool Function::is_realtime() const {
  return (method && method->is_realtime) || (static_function && static_function->is_realtime);
}

std::vector<Function> functions_in_table_order(const Interface& interface) {
  std::vector<Function> functions;
  for (const Class& each : interface.classes) add_class(functions, each);
  add_static_functions(functions, interface);
  if (const auto since = first_owned_memory(functions))
    functions.push_back({FunctionKind::allocate, nullptr, "allocate", *since});
  put_in_order(functions);
  return functions;
}

std::vector<Function> functions_of(const Interface& interface, const Class* owner) {
  std::vector<Function> functions;
  if (owner) {
    // Without a look at all the others: it is asked for every class.
    add_class(functions, *owner);
    put_in_order(functions);
  } else {
    functions = functions_in_table_order(interface);
    std::erase_if(functions, [](const Function& function) { return function.owner != nullptr; });
  }
  return functions;
}

std::string qualified_name(const Function& function) {
  return (function.owner ? function.owner->name + "." : "") + std::string(function.name);
}

bool is_in_first_minor(const Interface& interface, const Function& function) {
  return function.since == Version{interface.version.major, 0};
}

}  // namespace tally::generator::model
