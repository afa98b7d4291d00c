// See functions.hpp.
#include "generator/model/functions.hpp"

#include <algorithm>

namespace tally::generator::model {

const std::vector<Parameter>& Function::parameters() const {
  static const std::vector<Parameter> none;
  return creator ? creator->parameters : method ? method->parameters : none;
}

std::vector<Function> functions_in_table_order(const Interface& interface) {
  std::vector<Function> functions;
  for (const Class& each : interface.classes) {
    functions.push_back({FunctionKind::destroy, &each, "destroy", each.since});
    functions.push_back({FunctionKind::ref, &each, "ref", each.since});
    functions.push_back({FunctionKind::same, &each, "same", each.since});
    functions.push_back({FunctionKind::id, &each, "id", each.since});
    for (const Creator& creator : each.creators) {
      functions.push_back({FunctionKind::create, &each, creator.name, creator.since, &creator});
    }
    for (const Method& method : each.methods) {
      functions.push_back({FunctionKind::call, &each, method.name, method.since, nullptr, &method});
    }
  }
  std::ranges::stable_sort(functions, {}, &Function::since);
  return functions;
}

std::vector<Function> functions_of(const Interface& interface, const Class& owner) {
  std::vector<Function> functions = functions_in_table_order(interface);
  std::erase_if(functions, [&](const Function& function) { return function.owner != &owner; });
  return functions;
}

bool is_in_first_minor(const Interface& interface, const Function& function) {
  return function.since == Version{interface.version.major, 0};
}

}  // namespace tally::generator::model
