// A fixed point, like obtainable.cpp: who reaches out makes others reach out.
#include "generator/lower/reentry.hpp"

#include <algorithm>

#include "generator/lower/realtime.hpp"

namespace tally::generator {
namespace {

using Parameters = std::vector<model::Parameter>;

class Reach {
 public:
  explicit Reach(const model::Interface& interface)
      : interface_(interface), reaches_(interface.classes.size(), false) {
    while (is_growing_) {
      is_growing_ = false;
      for (std::size_t i = 0; i < interface_.classes.size(); ++i) visit(i);
      for (const model::StaticFunction& function : interface_.functions) visit(function);
    }
  }

  bool of(std::size_t index) const { return everywhere_ || reaches_[index]; }
  bool everywhere() const { return everywhere_; }

  bool of(const model::Type& type) const {
    if (const auto* object = std::get_if<model::ClassType>(&type)) return of(object->index);
    return std::holds_alternative<model::CallbackType>(type);
  }

  bool of_any(const Parameters& parameters) const {
    return std::ranges::any_of(parameters, [&](const model::Parameter& each) { return of(each.type); });
  }

 private:
  void visit(std::size_t index) {
    const model::Class& visited = interface_.classes[index];
    const bool has_callers = visited.kind == model::ClassKind::host;
    if (has_callers ||
        std::ranges::any_of(visited.creators, [&](const auto& each) { return of_any(each.parameters); }) ||
        std::ranges::any_of(visited.methods, [&](const auto& each) {
          return of_any(each.parameters) || (each.result && of(each.result->type));
        }))
      mark(index);
    if (visited.parent) join(index, visited.parent->index);
    if (visited.kind == model::ClassKind::array) join(index, visited.element);
  }

  /// What it is given for good belongs to no object.
  void visit(const model::StaticFunction& function) {
    const bool is_given = std::ranges::any_of(function.parameters, [&](const model::Parameter& each) {
      return each.passing == model::Passing::own && of(each.type);
    });
    is_growing_ = is_growing_ || (is_given && !everywhere_);
    everywhere_ = everywhere_ || is_given;
  }

  void join(std::size_t a, std::size_t b) {
    if (reaches_[a] || reaches_[b]) mark(a), mark(b);
  }

  void mark(std::size_t index) {
    is_growing_ = is_growing_ || !reaches_[index];
    reaches_[index] = true;
  }

  const model::Interface& interface_;
  std::vector<bool> reaches_;
  bool everywhere_ = false;
  bool is_growing_ = true;
};

class Marking {
 public:
  explicit Marking(model::Interface& interface) : classes_(interface.classes) {}

  /// Each object that a call which reenters works with can be inside it.
  void mark(const Parameters& parameters) {
    for (const model::Parameter& each : parameters) {
      const auto* const type = std::get_if<model::ClassType>(&each.type);
      if (type && each.passing == model::Passing::borrow) classes_[type->index].can_be_inside = true;
    }
  }

 private:
  std::vector<model::Class>& classes_;
};

void infer_members(const ClassNode& each, const Reach& reach, model::Interface& interface) {
  model::Class& owner = interface.classes[each.index];
  Marking marking(interface);
  const bool is_hosts = owner.kind == model::ClassKind::host;
  for (model::Creator& creator : owner.creators) {
    creator.reenters = creator_named(each.node, creator.name)["reenters"].flag().value_or(
        reach.of(each.index) || reach.of_any(creator.parameters));
    if (creator.reenters) marking.mark(creator.parameters);
  }
  for (model::Method& method : owner.methods) {
    const Node node = each.node["methods"][method.name];
    const bool inferred = reach.of(each.index) || reach.of_any(method.parameters);
    method.reenters = is_hosts || node["reenters"].flag().value_or(inferred && !is_said_realtime(node));
    if (!method.reenters) continue;
    owner.can_be_inside = true;
    marking.mark(method.parameters);
  }
}

/// An array's creator runs the one of its elements.
void infer_arrays(std::vector<model::Class>& classes) {
  for (model::Class& array : classes) {
    if (array.kind != model::ClassKind::array) continue;
    const auto& creators = classes[array.element].creators;
    const auto create = std::ranges::find(creators, "create", &model::Creator::name);
    for (model::Creator& creator : array.creators)
      creator.reenters = create != creators.end() && create->reenters;
  }
}

}  // namespace

void infer_reentry(const Node& root, const std::vector<ClassNode>& nodes, model::Interface& interface) {
  const Reach reach(interface);
  Marking marking(interface);
  for (const ClassNode& each : nodes) infer_members(each, reach, interface);
  infer_arrays(interface.classes);
  for (model::StaticFunction& function : interface.functions) {
    const Node node = root["functions"][function.name];
    const bool inferred = reach.everywhere() || reach.of_any(function.parameters);
    function.reenters = node["reenters"].flag().value_or(inferred && !is_said_realtime(node));
    if (function.reenters) marking.mark(function.parameters);
  }
  for (const model::Callback& callback : interface.callbacks) marking.mark(callback.parameters);
}

}  // namespace tally::generator
