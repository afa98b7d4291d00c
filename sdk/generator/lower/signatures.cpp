// A type that can't be read leaves a gap: the function is whole only in a description without mistakes.
#include "generator/lower/signatures.hpp"

#include <fmt/format.h>

#include "generator/lower/parts.hpp"
#include "generator/lower/type_text.hpp"

namespace tally::generator {
namespace {

bool has_default(const Node& parameter) {
  const std::optional<std::string> type = type_node_of(parameter).text();
  return type && parse_type_text(*type).default_text;
}

}  // namespace

std::vector<model::Parameter> SignatureLowering::parameters(const Node& function, Role role,
                                                            model::Version since) {
  std::vector<model::Parameter> result;
  for (const Node& node : function["in"].members())
    if (auto lowered = parameter(node, role, since)) result.push_back(std::move(*lowered));
  if (role == Role::parameter) check_defaults_are_last(function);
  return result;
}

std::optional<model::Parameter> SignatureLowering::parameter(const Node& node, Role role,
                                                             model::Version since) {
  check_key(node, NameKind::parameter, complaints_);
  const auto type = types_.resolve(type_node_of(node), role, since);
  if (!type) return has_lost_types_ = true, std::nullopt;
  return model::Parameter{node.key(), node["doc"].text().value_or(""), type->type, type->passing,
                          type->default_value};
}

std::optional<model::Result> SignatureLowering::result(const Node& function, Role role,
                                                       model::Version since) {
  const Node node = function["out"];
  if (!node.exists()) return std::nullopt;
  const auto type = types_.resolve(type_node_of(node), role, since);
  if (!type) return has_lost_types_ = true, std::nullopt;
  return model::Result{node["doc"].text().value_or(""), type->type, type->passing};
}

/// Goes by what is written, so that a default that doesn't fit its type is still one.
void SignatureLowering::check_defaults_are_last(const Node& function) {
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
