// Classes, their creators and methods, and what these take and return.
#pragma once

#include <string_view>
#include <vector>

#include "generator/lower/complaints.hpp"
#include "generator/lower/names.hpp"
#include "generator/lower/types.hpp"
#include "generator/lower/versions.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

class ClassLowering {
 public:
  ClassLowering(const TypeResolver& types, const Versions& versions, Complaints& complaints)
      : types_(types), versions_(versions), complaints_(complaints) {}

  /// Fills in creators and methods of a class that has its name and version.
  void lower_members(const Node& node, model::Class& result);

  /// Whether some result could not be read, so that nobody knows which classes are returned.
  bool has_lost_results() const { return has_lost_results_; }

 private:
  void lower_creator(const Node& node, model::Class& result);
  void lower_method(const Node& node, const Node& class_node, model::Class& result);
  std::vector<model::Parameter> lower_parameters(const Node& function, model::Version since);
  std::optional<model::Parameter> lower_parameter(const Node& node, model::Version since);
  std::optional<model::Result> lower_result(const Node& method, model::Version since);
  void check_defaults_are_last(const Node& function);

  const TypeResolver& types_;
  const Versions& versions_;
  Complaints& complaints_;
  bool has_lost_results_ = false;
};

}  // namespace tally::generator
