// The functions of an interface in the order of its table. The order is part of the ABI: first by the version
// that brought a function, then as the description has them, so that what a later minor adds always stands at
// the end.
#pragma once

#include <string_view>
#include <vector>

#include "generator/model/interface.hpp"

namespace tally::generator::model {

/// What every class has (destroy, ref, same, id), and what the description gives it.
enum class FunctionKind { destroy, ref, same, id, create, call };

struct Function {
  FunctionKind kind;
  const Class* owner;     ///< the class that it belongs to
  std::string_view name;  ///< "destroy", or the creator's or method's
  Version since;
  const Creator* creator = nullptr;  ///< of a create
  const Method* method = nullptr;    ///< of a call

  const std::vector<Parameter>& parameters() const;
};

/// In the order of the table. Points into `interface`.
std::vector<Function> functions_in_table_order(const Interface& interface);

/// Those of one class, in the same order.
std::vector<Function> functions_of(const Interface& interface, const Class& owner);

/// Whether every module of this major has it.
bool is_in_first_minor(const Interface& interface, const Function& function);

}  // namespace tally::generator::model
