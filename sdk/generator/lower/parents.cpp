// See parents.hpp. Where the parent is found is in parent_sources.cpp.
#include "generator/lower/parents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "generator/load/diagnostic.hpp"
#include "generator/lower/versions.hpp"
#include "generator/text/words.hpp"

namespace tally::generator {
namespace {

class ParentLowering {
 public:
  ParentLowering(const std::vector<ClassNode>& nodes, const TypeTable& types, model::Interface& interface,
                 Complaints& complaints)
      : nodes_(nodes), types_(types), classes_(interface.classes), complaints_(complaints) {}

  void run() {
    for (const ClassNode& each : nodes_) read(each);
    for (const ClassNode& each : nodes_) break_cycle(each);
    for (const model::Class& child : classes_)
      if (child.parent) classes_[child.parent->index].has_children = true;
  }

 private:
  void read(const ClassNode& child) {
    const Node parent = child.node["parent"];
    const Node ends = child.node["parent_ends"];
    if (!parent.exists()) {
      if (ends.exists()) complaints_.at_key(ends, "there is no \"parent\" here whose end it could be about");
      return;
    }
    const std::optional<std::size_t> index = find(parent);
    if (!index || !can_be_parent(parent, classes_[*index], classes_[child.index])) return;
    if (classes_[child.index].kind == model::ClassKind::host) return;
    const bool cascades = ends.text() == "cascade";
    classes_[child.index].parent =
        model::Parent{*index, cascades ? model::ParentEnds::cascade : model::ParentEnds::keep};
  }

  std::optional<std::size_t> find(const Node& parent) {
    const std::optional<std::string> name = parent.text();
    if (!name) return std::nullopt;
    const TypeTable::Entry* const entry = types_.find(*name);
    const auto* const type = entry ? std::get_if<model::ClassType>(&entry->type) : nullptr;
    if (type) return type->index;
    if (entry || types_.is_array(*name))
      complaints_.at_value(parent, fmt::format("'{}' is no class that could be a parent", *name));
    else if (!types_.may_exist(*name))
      complaints_.at_value(parent, "unknown class " + in_quotes(*name), closest(*name, class_names()));
    return std::nullopt;
  }

  std::vector<std::string> class_names() const {
    std::vector<std::string> names;
    for (const ClassNode& each : nodes_) names.push_back(each.node.key());
    return names;
  }

  bool can_be_parent(const Node& node, const model::Class& parent, const model::Class& child) {
    if (parent.kind == model::ClassKind::host) {
      complaints_.at_value(
          node, fmt::format("'{}' is implemented by the host, which ends its objects as it likes: it "
                            "can't be a parent",
                            parent.name));
      return false;
    }
    if (parent.since <= child.since) return true;
    complaints_.at_value(
        node, fmt::format("'{}' exists since {}, its child here since {}: give that a \"since\" of {}",
                          parent.name, to_text(parent.since), to_text(child.since), to_text(parent.since)));
    return false;
  }

  /// Reports each cycle once, at the class of it that stands first, and takes that one's parent away.
  void break_cycle(const ClassNode& start) {
    std::string way = classes_[start.index].name;
    std::size_t at = start.index;
    for (std::size_t steps = 0; classes_[at].parent && steps <= classes_.size(); ++steps) {
      at = classes_[at].parent->index;
      way += " -> " + classes_[at].name;
      if (at != start.index) continue;
      complaints_.at_value(start.node["parent"], fmt::format("a class can't be part of itself: {}", way));
      classes_[start.index].parent.reset();
    }
  }

  const std::vector<ClassNode>& nodes_;
  const TypeTable& types_;
  std::vector<model::Class>& classes_;
  Complaints& complaints_;
};

}  // namespace

void lower_parents(const std::vector<ClassNode>& nodes, const TypeTable& types, model::Interface& interface,
                   Complaints& complaints) {
  ParentLowering(nodes, types, interface, complaints).run();
}

}  // namespace tally::generator
