// See threads.hpp.
#include "generator/lower/threads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "generator/model/meaning.hpp"

namespace tally::generator {
namespace {

using model::thread_rule_name;
using model::Threads;

constexpr std::array kRules = {Threads::confined, Threads::exclusive, Threads::shared, Threads::with_parent};

// Why a child can't have its rule with a parent that has its own; nothing if it can.
std::string why_not(const model::Class& child, const model::Class& parent) {
  const std::string rule(thread_rule_name(parent.threads));
  if (parent.threads == Threads::confined && child.is_shareable()) {
    return fmt::format(
        "its parent '{}' is confined to one thread, and a call of a child may use it: make the parent "
        "exclusive or shared, or this class confined",
        parent.name);
  }
  if (child.threads == Threads::with_parent && parent.threads == Threads::shared)
    return fmt::format(
        "its parent '{}' is shared, so there is no turn to wait for: say \"exclusive\" or \"shared\"",
        parent.name);
  if (child.threads == Threads::shared && parent.threads != Threads::shared) {
    return fmt::format(
        "its parent '{}' is {}, and several threads inside its children would use it at once: say "
        "\"with-parent\"",
        parent.name, rule);
  }
  if (child.threads == Threads::confined && parent.is_shareable() &&
      child.parent->ends == model::ParentEnds::cascade) {
    return fmt::format(
        "it ends with its parent '{}', which any thread may destroy, and belongs to one thread itself: say "
        "\"exclusive\", \"shared\" or \"with-parent\", or let the parent keep its children",
        parent.name);
  }
  return "";
}

}  // namespace

model::Threads lower_threads(const Node& class_node) {
  const std::optional<std::string> said = class_node["threads"].text();
  const auto* const rule =
      std::ranges::find_if(kRules, [&](Threads each) { return said && *said == thread_rule_name(each); });
  return rule != kRules.end() ? *rule : Threads::confined;
}

void check_threads(const std::vector<ClassNode>& nodes, const std::vector<model::Class>& classes,
                   Complaints& complaints) {
  for (const ClassNode& each : nodes) {
    const model::Class& child = classes[each.index];
    const Node threads = each.node["threads"];
    if (child.parent) {
      const std::string why = why_not(child, classes[child.parent->index]);
      if (why.empty()) continue;
      if (threads.exists())
        complaints.at_value(threads, why);
      else
        complaints.at_key(each.node["parent"], why);
    } else if (child.threads == Threads::with_parent && !each.node["parent"].exists()) {
      complaints.at_value(threads, "there is no \"parent\" here whose turn it could share");
    }
  }
}

}  // namespace tally::generator
