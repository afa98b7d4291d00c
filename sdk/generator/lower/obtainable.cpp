// A fixed point: start with nothing, and call whatever can be called with what there is, until nothing new
// comes.
#include "generator/lower/obtainable.hpp"

#include <algorithm>
#include <variant>

namespace tally::generator {
namespace {

class Search {
 public:
  explicit Search(const model::Interface& interface)
      : interface_(interface), has_(interface.classes.size(), false) {}

  std::vector<bool> run() {
    while (is_growing_) {
      is_growing_ = false;
      for (std::size_t i = 0; i < interface_.classes.size(); ++i) visit(i);
      for (const model::StaticFunction& function : interface_.functions)
        call(function.parameters, function.result);
    }
    return std::move(has_);
  }

 private:
  void visit(std::size_t index) {
    const model::Class& visited = interface_.classes[index];
    if (visited.kind == model::ClassKind::host) obtain(index);
    for (const model::Creator& creator : visited.creators) {
      if (!can_pass(creator.parameters)) continue;
      obtain(index);
      be_called_by(creator.parameters);
    }
    if (!has_[index]) return;
    for (const model::Method& method : visited.methods) {
      if (visited.kind == model::ClassKind::host)
        take(method.parameters);
      else
        call(method.parameters, method.result);
    }
  }

  void call(const std::vector<model::Parameter>& parameters, const std::optional<model::Result>& result) {
    if (!can_pass(parameters)) return;
    be_called_by(parameters);
    if (!result) return;
    if (const auto* type = std::get_if<model::ClassType>(&result->type)) obtain(type->index);
  }

  /// Callbacks that a call is given are called.
  void be_called_by(const std::vector<model::Parameter>& parameters) {
    for (const model::Parameter& parameter : parameters)
      if (const auto* type = std::get_if<model::CallbackType>(&parameter.type))
        take(interface_.callbacks[type->index].parameters);
  }

  /// What the module calls the host with.
  void take(const std::vector<model::Parameter>& parameters) {
    for (const model::Parameter& parameter : parameters)
      if (const auto* type = std::get_if<model::ClassType>(&parameter.type)) obtain(type->index);
  }

  bool can_pass(const std::vector<model::Parameter>& parameters) const {
    return std::ranges::all_of(parameters, [&](const model::Parameter& parameter) {
      const auto* type = std::get_if<model::ClassType>(&parameter.type);
      return type == nullptr || has_[type->index];
    });
  }

  void obtain(std::size_t index) {
    is_growing_ = is_growing_ || !has_[index];
    has_[index] = true;
  }

  const model::Interface& interface_;
  std::vector<bool> has_;
  bool is_growing_ = true;
};

}  // namespace

std::vector<bool> obtainable_classes(const model::Interface& interface) {
  return Search(interface).run();
}

}  // namespace tally::generator
