// Creators and methods share one set of names per class, because they do so in every target.
#include "generator/lower/classes.hpp"

#include <fmt/format.h>

#include "generator/lower/parts.hpp"

namespace tally::generator {
namespace {

constexpr std::string_view kCreate = "create";

bool returns_view(const model::Method& method) {
  return method.result && method.result->passing == model::Passing::view;
}

}  // namespace

Node creator_named(const Node& class_node, const std::string& name) {
  return name == kCreate ? class_node[kCreate] : class_node["creators"][name];
}

void ClassLowering::lower_members(const Node& node, model::Class& result) {
  if (const Node create = node[kCreate]; create.exists()) lower_creator(create, result);
  for (const Node& creator : node["creators"].members()) {
    if (creator.key() == kCreate)
      complaints_.at_key(creator, "the creator 'create' stands in the class itself, not under \"creators\"");
    else
      check_key(creator, NameKind::creator, complaints_);
    lower_creator(creator, result);
  }
  for (const Node& method : node["methods"].members()) lower_method(method, node, result);
}

void ClassLowering::lower_creator(const Node& node, model::Class& result) {
  if (result.kind == model::ClassKind::host)
    return complaints_.at_key(
        node, "the host makes objects of this class, of a table of methods: there can't be a creator");
  const model::Version since = versions_.since(node, result.since, "class");
  result.creators.push_back(
      {node.key(), doc_of(node), since, signatures_.parameters(node, Role::parameter, since)});
}

void ClassLowering::lower_method(const Node& node, const Node& class_node, model::Class& result) {
  check_key(node, NameKind::method, complaints_);
  if (const Node creator = creator_named(class_node, node.key()); creator.exists())
    complaints_.at_key(node, fmt::format("'{}' is the name of a creator of this class too, on line {}",
                                         node.key(), complaints_.line_of(creator)));
  const bool is_hosts = result.kind == model::ClassKind::host;
  const model::Version since = versions_.since(node, result.since, "class");
  model::Method method{node.key(), doc_of(node), since, node["self"].text() == "own", {}, {}};
  method.parameters = signatures_.parameters(node, is_hosts ? Role::host_parameter : Role::parameter, since);
  method.result = signatures_.result(node, is_hosts ? Role::host_method_result : Role::result, since);
  method.invalidates = node["invalidates"].flag().value_or(false);
  if (is_hosts)
    check_host_method(node);
  else
    check_method(node, result, method);
  result.has_views = result.has_views || returns_view(method);
  result.methods.push_back(std::move(method));
}

void ClassLowering::check_method(const Node& node, const model::Class& owner, const model::Method& method) {
  if (!method.consumes_self) return;
  if (owner.kind == model::ClassKind::counted)
    complaints_.at_value(
        node["self"], "other references to the object may live: no method of a counted class can consume it");
  if (returns_view(method))
    complaints_.at_value(type_node_of(node["out"]),
                         "a view of the object that the call consumes: return memory with 'own' instead");
  if (method.invalidates)
    complaints_.at_key(
        node["invalidates"],
        "a call that consumes its object is refused while a view of it is open anyway: leave this out");
}

void ClassLowering::check_host_method(const Node& node) {
  if (node["self"].text() == "own")
    complaints_.at_value(node["self"],
                         "a method that the host implements can't consume its object: the module gives "
                         "that back by destroying it");
  for (const char* const key : {"invalidates", "reenters"}) {
    if (node[key].exists())
      complaints_.at_key(node[key], fmt::format("'{}' is for methods that the module implements", key));
  }
}

}  // namespace tally::generator
