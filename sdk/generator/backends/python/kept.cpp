// A fixed point: a class reports if something that reports, or a callback, is given to it.
#include "generator/backends/python/kept.hpp"

#include <algorithm>

namespace tally::generator::python {

using namespace model;

namespace {

using Reporting = std::vector<bool>;  // by class

bool is_kept(const Parameter& parameter, const Reporting& reporting) {
  if (std::holds_alternative<CallbackType>(parameter.type)) return true;
  const auto* const type = std::get_if<ClassType>(&parameter.type);
  return type && parameter.passing == Passing::own && reporting[type->index];
}

std::size_t index_of(const Interface& interface, const Class& owner) {
  return static_cast<std::size_t>(&owner - interface.classes.data());
}

bool gives(const Interface& interface, const Function& function, const Reporting& reporting) {
  if (function.consumes_self() && reporting[index_of(interface, *function.owner)]) return true;
  return std::ranges::any_of(function.parameters(),
                             [&](const Parameter& each) { return is_kept(each, reporting); });
}

Reporting reporting_classes(const Interface& interface) {
  Reporting reporting;
  for (const Class& each : interface.classes) reporting.push_back(each.kind == ClassKind::host);
  const std::vector<Function> functions = functions_in_table_order(interface);
  for (bool is_growing = true; is_growing;) {
    is_growing = false;
    for (const Function& function : functions) {
      const Class* const made = made_class(interface, function);
      const Class* const receiver = made ? made : function.consumes_self() ? nullptr : function.owner;
      if (!receiver || reporting[index_of(interface, *receiver)] || !gives(interface, function, reporting))
        continue;
      reporting[index_of(interface, *receiver)] = true;
      is_growing = true;
    }
  }
  return reporting;
}

}  // namespace

bool reports_kept(const Interface& interface, const Class& owner) {
  return reporting_classes(interface)[index_of(interface, owner)];
}

bool is_kept(const Interface& interface, const Parameter& parameter) {
  return is_kept(parameter, reporting_classes(interface));
}

const Class* made_class(const Interface& interface, const Function& function) {
  if (function.kind == FunctionKind::create) return function.owner;
  const Result* const result = function.result();
  const auto* const type = result ? std::get_if<ClassType>(&result->type) : nullptr;
  return type ? &interface.classes[type->index] : nullptr;
}

}  // namespace tally::generator::python
