// See callbacks.hpp.
#include "generator/lower/callbacks.hpp"

#include "generator/lower/parts.hpp"

namespace tally::generator {

std::vector<model::Callback> declare_callbacks(const Node& callbacks, const Versions& versions,
                                               Complaints& complaints) {
  std::vector<model::Callback> result;
  for (const Node& node : callbacks.members()) {
    check_key(node, NameKind::callback, complaints);
    result.push_back({node.key(), doc_of(node), versions.since(node), {}, {}});
  }
  return result;
}

void complete_callbacks(const Node& callbacks, SignatureLowering& signatures,
                        std::vector<model::Callback>& declared) {
  for (model::Callback& callback : declared) {
    const Node node = callbacks[callback.name];
    callback.parameters = signatures.parameters(node, Role::host_parameter, callback.since);
    callback.result = signatures.result(node, Role::callback_result, callback.since);
  }
}

std::vector<model::StaticFunction> lower_functions(const Node& functions, const Versions& versions,
                                                   SignatureLowering& signatures, Complaints& complaints) {
  std::vector<model::StaticFunction> result;
  for (const Node& node : functions.members()) {
    check_key(node, NameKind::function, complaints);
    const model::Version since = versions.since(node);
    model::StaticFunction function{node.key(), doc_of(node), since, {}, {}};
    function.parameters = signatures.parameters(node, Role::parameter, since);
    function.result = signatures.result(node, Role::function_result, since);
    result.push_back(std::move(function));
  }
  return result;
}

}  // namespace tally::generator
