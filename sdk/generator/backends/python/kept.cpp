// A fixed point: a class reports if something that reports, or a callback, is given to it.
#include "generator/backends/python/kept.hpp"

#include <algorithm>

namespace tally::generator::python {

using namespace model;

namespace {

std::size_t index_of(const Interface& interface, const Class& owner) {
  return static_cast<std::size_t>(&owner - interface.classes.data());
}

}  // namespace

Kept::Kept(const Interface& interface) : interface_(interface) {
  for (const Class& each : interface.classes) reporting_.push_back(each.kind == ClassKind::host);
  const std::vector<Function> functions = functions_in_table_order(interface);
  for (bool is_growing = true; is_growing;) {
    is_growing = false;
    for (const Function& function : functions) {
      const Class* const made = made_class(interface, function);
      const Class* const receiver = made ? made : function.consumes_self() ? nullptr : function.owner;
      if (!receiver || is_reported_by(*receiver) || !gives(function)) continue;
      reporting_[index_of(interface, *receiver)] = true;
      is_growing = true;
    }
  }
}

bool Kept::is_reported_by(const Class& owner) const {
  return reporting_[index_of(interface_, owner)];
}

bool Kept::is_kept(const Parameter& parameter) const {
  if (std::holds_alternative<CallbackType>(parameter.type)) return true;
  const auto* const type = std::get_if<ClassType>(&parameter.type);
  return type && parameter.passing == Passing::own && reporting_[type->index];
}

bool Kept::gives(const Function& function) const {
  return (function.consumes_self() && is_reported_by(*function.owner)) ||
         std::ranges::any_of(function.parameters(), [&](const Parameter& each) { return is_kept(each); });
}

const Class* made_class(const Interface& interface, const Function& function) {
  if (function.kind == FunctionKind::create) return function.owner;
  const Result* const result = function.result();
  const auto* const type = result ? std::get_if<ClassType>(&result->type) : nullptr;
  return type ? &interface.classes[type->index] : nullptr;
}

}  // namespace tally::generator::python
