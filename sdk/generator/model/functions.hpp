// The functions of an interface in the order of its table. The order is part of the ABI: first by the version
// that brought a function, then as the description has them, so that what a later minor adds always stands at
// the end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/model/interface.hpp"

namespace tally::generator::model {

enum class FunctionKind {
  // What every class has, each where it makes sense.
  destroy,
  try_destroy,
  release,  ///< in place of destroy: counted
  retain,   ///< counted
  ref,
  same,
  id,
  size,  ///< array
  at,    ///< array: the handle of an element
  // What the description says.
  create,       ///< a creator; `creator` is null for a host's class, which is made of a table of methods
  call,         ///< a method
  static_call,  ///< a function of the interface's
  // What the interface has.
  allocate,  ///< memory to fill and give: a blob
};

struct Function {
  FunctionKind kind;
  const Class* owner;     ///< the class that it belongs to; null for static_call and allocate
  std::string_view name;  ///< "destroy", or the creator's, method's or function's
  Version since;
  const Creator* creator = nullptr;                 ///< of a create
  const Method* method = nullptr;                   ///< of a call
  const StaticFunction* static_function = nullptr;  ///< of a static_call

  const std::vector<Parameter>& parameters() const;
  const Result* result() const;        ///< null if there is none, or if it follows from the kind
  const ParentSource* parent() const;  ///< of the object that the function makes; null if it has none
  bool reenters() const;
  bool consumes_self() const;
  bool is_realtime() const;
};

/// In the order of the table. Points into `interface`.
std::vector<Function> functions_in_table_order(const Interface& interface);

/// Those of one class (null: of the interface itself), in the same order.
std::vector<Function> functions_of(const Interface& interface, const Class* owner);

/// "encoder.write"; "checksum" for one of the interface's own. How both sides of a load name a function.
std::string qualified_name(const Function& function);

/// Whether every module of this major has it.
bool is_in_first_minor(const Interface& interface, const Function& function);

}  // namespace tally::generator::model
