// See realtime.hpp.
#include "generator/lower/realtime.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <variant>

#include "generator/lower/parts.hpp"

namespace tally::generator {
namespace {

class Realtime {
 public:
  Realtime(const model::Interface& interface, Complaints& complaints)
      : interface_(interface), complaints_(complaints) {}

  bool lower(const Node& node, const std::vector<model::Parameter>& parameters,
             const std::optional<model::Result>& result, bool reenters) {
    if (!is_said_realtime(node)) return false;
    for (const model::Parameter& each : parameters) check(type_node_of(node["in"][each.name]), each);
    if (result && (result->passing == model::Passing::own || result->passing == model::Passing::view))
      complain(
          type_node_of(node["out"]),
          "it makes what it returns, and that allocates: return a value, or write into an object that is "
          "lent");
    if (reenters) complain(node["reenters"], "it calls the host, which promises nothing");
    return true;
  }

  void check_method(const Node& node, const model::Class& owner, const model::Method& method) {
    if (method.consumes_self)
      complain(node["self"], "it consumes its object, and a destructor promises nothing: leave this out");
    if (method.invalidates && owner.has_views)
      complain(node["invalidates"],
               "views of the object are held off under a lock meanwhile: this can't be said of both");
  }

 private:
  void check(const Node& node, const model::Parameter& parameter) {
    const auto* const object = std::get_if<model::ClassType>(&parameter.type);
    if (parameter.passing == model::Passing::own) {
      complain(node,
               fmt::format("it takes '{}', which changes hands under a lock: borrow it", parameter.name));
    } else if (object && interface_.classes[object->index].kind == model::ClassKind::host) {
      complain(node, fmt::format("the host implements '{}', and promises nothing", parameter.name));
    }
  }

  void complain(const Node& at, const std::string& why) {
    complaints_.at_value(at, "the function is \"realtime\", but " + why);
  }

  const model::Interface& interface_;
  Complaints& complaints_;
};

}  // namespace

bool is_said_realtime(const Node& function) {
  return function["realtime"].flag().value_or(false);
}

void lower_realtime(const Node& root, const std::vector<ClassNode>& nodes, model::Interface& interface,
                    Complaints& complaints) {
  Realtime realtime(interface, complaints);
  for (const ClassNode& each : nodes) {
    model::Class& owner = interface.classes[each.index];
    for (model::Method& method : owner.methods) {
      const Node node = each.node["methods"][method.name];
      if (owner.kind == model::ClassKind::host) {
        if (node["realtime"].exists())
          complaints.at_key(node["realtime"], "'realtime' is for methods that the module implements");
        continue;
      }
      method.is_realtime = realtime.lower(node, method.parameters, method.result, method.reenters);
      if (method.is_realtime) realtime.check_method(node, owner, method);
    }
  }
  for (model::StaticFunction& function : interface.functions) {
    function.is_realtime = realtime.lower(root["functions"][function.name], function.parameters,
                                          function.result, function.reenters);
  }
}

}  // namespace tally::generator
