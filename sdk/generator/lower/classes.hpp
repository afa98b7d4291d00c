// Classes: their creators and methods.
#pragma once

#include <string>

#include "generator/lower/complaints.hpp"
#include "generator/lower/signatures.hpp"
#include "generator/lower/versions.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// A class of the description, and its index in the model, where arrays stand between them.
struct ClassNode {
  Node node;
  std::size_t index;
};

/// The creator of that name, if the class has one.
Node creator_named(const Node& class_node, const std::string& name);

class ClassLowering {
 public:
  ClassLowering(SignatureLowering& signatures, const Versions& versions, Complaints& complaints)
      : signatures_(signatures), versions_(versions), complaints_(complaints) {}

  /// Fills in creators and methods of a class that has its name, version and kind.
  void lower_members(const Node& node, model::Class& result);

 private:
  void lower_creator(const Node& node, model::Class& result);
  void lower_method(const Node& node, const Node& class_node, model::Class& result);
  void check_method(const Node& node, const model::Class& owner, const model::Method& method);
  void check_host_method(const Node& node);

  SignatureLowering& signatures_;
  const Versions& versions_;
  Complaints& complaints_;
};

}  // namespace tally::generator
