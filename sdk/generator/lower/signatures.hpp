// What a function takes and returns, whoever it belongs to.
#pragma once

#include <optional>
#include <vector>

#include "generator/lower/complaints.hpp"
#include "generator/lower/types.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

class SignatureLowering {
 public:
  SignatureLowering(const TypeResolver& types, Complaints& complaints)
      : types_(types), complaints_(complaints) {}

  /// "in" and "out" of a function that exists since `since`.
  std::vector<model::Parameter> parameters(const Node& function, Role role, model::Version since);
  std::optional<model::Result> result(const Node& function, Role role, model::Version since);

  /// Whether some type could not be read, so that nobody knows which objects are passed.
  bool has_lost_types() const { return has_lost_types_; }

 private:
  std::optional<model::Parameter> parameter(const Node& node, Role role, model::Version since);
  void check_defaults_are_last(const Node& function);

  const TypeResolver& types_;
  Complaints& complaints_;
  bool has_lost_types_ = false;
};

}  // namespace tally::generator
