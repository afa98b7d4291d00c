// Creators and methods share one set of names per class, because they do so in every target.
#include "generator/lower/classes.hpp"

#include <fmt/format.h>

#include "generator/lower/parts.hpp"
#include "generator/lower/type_text.hpp"

namespace tally::generator {
namespace {

constexpr std::string_view kCreate = "create";

/// The creator of that name, if the class has one.
Node creator_named(const Node& class_node, const std::string& name) {
  return name == kCreate ? class_node[kCreate] : class_node["creators"][name];
}

bool has_default(const Node& parameter) {
  const std::optional<std::string> type = type_node_of(parameter).text();
  return type && parse_type_text(*type).default_text;
}

}  // namespace

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
  const model::Version since = versions_.since(node, result.since, "class");
  result.creators.push_back({node.key(), doc_of(node), since, lower_parameters(node, since)});
}

void ClassLowering::lower_method(const Node& node, const Node& class_node, model::Class& result) {
  check_key(node, NameKind::method, complaints_);
  if (const Node creator = creator_named(class_node, node.key()); creator.exists())
    complaints_.at_key(node, fmt::format("'{}' is the name of a creator of this class too, on line {}",
                                         node.key(), complaints_.line_of(creator)));
  const model::Version since = versions_.since(node, result.since, "class");
  const bool consumes_self = node["self"].text() == "own";
  result.methods.push_back({node.key(), doc_of(node), since, consumes_self, lower_parameters(node, since),
                            lower_result(node, since)});
}

std::vector<model::Parameter> ClassLowering::lower_parameters(const Node& function, model::Version since) {
  std::vector<model::Parameter> result;
  for (const Node& node : function["in"].members())
    if (auto parameter = lower_parameter(node, since)) result.push_back(std::move(*parameter));
  check_defaults_are_last(function);
  return result;
}

std::optional<model::Parameter> ClassLowering::lower_parameter(const Node& node, model::Version since) {
  check_key(node, NameKind::parameter, complaints_);
  const auto type = types_.resolve(type_node_of(node), Role::parameter, since);
  if (!type) return std::nullopt;
  return model::Parameter{node.key(), node["doc"].text().value_or(""), type->type, type->passing,
                          type->default_value};
}

std::optional<model::Result> ClassLowering::lower_result(const Node& method, model::Version since) {
  const Node node = method["out"];
  if (!node.exists()) return std::nullopt;
  const auto type = types_.resolve(type_node_of(node), Role::result, since);
  if (!type) return has_lost_results_ = true, std::nullopt;
  return model::Result{node["doc"].text().value_or(""), type->type, type->passing};
}

/// Goes by what is written, so that a default that doesn't fit its type is still one.
void ClassLowering::check_defaults_are_last(const Node& function) {
  std::optional<Node> with_default;
  for (const Node& parameter : function["in"].members()) {
    if (has_default(parameter))
      with_default = parameter;
    else if (with_default && type_node_of(parameter).is_text())
      complaints_.at_key(
          parameter,
          fmt::format("comes after '{}', which has a default: move it before that, or give it one too",
                      with_default->key()));
  }
}

}  // namespace tally::generator
