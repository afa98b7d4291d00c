// A class has one way of being made and given back, so most of the keys that choose one exclude each other.
#include "generator/lower/kinds.hpp"

namespace tally::generator {

bool has_arrays(const Node& class_node) {
  return class_node["arrays"].is_object() || class_node["arrays"].flag().value_or(false);
}

model::ClassKind lower_kind(const Node& class_node, Complaints& complaints) {
  const bool is_hosts = class_node["implemented_by"].text() == "host";
  const bool is_counted = class_node["counted"].flag().value_or(false);
  if (is_hosts && is_counted)
    complaints.at_key(
        class_node["counted"],
        "a class that the host implements can't be counted: the host counts its own references");
  if (is_hosts && has_arrays(class_node))
    complaints.at_key(
        class_node["arrays"],
        "a class that the host implements can't have arrays: the host makes its objects one by one");
  if (is_hosts && class_node["parent"].exists())
    complaints.at_key(class_node["parent"],
                      "a class that the host implements can't have a parent: its objects are the host's");
  if (!is_hosts && is_counted && has_arrays(class_node))
    complaints.at_key(
        class_node["arrays"],
        "a counted class can't have arrays: an element ends with its array, not with its references");
  if (!is_hosts && has_arrays(class_node) && class_node["parent"].exists())
    complaints.at_key(class_node["arrays"],
                      "a class with a parent can't have arrays: the parent of an element is its array");
  if (is_hosts) return model::ClassKind::host;
  return is_counted ? model::ClassKind::counted : model::ClassKind::single;
}

}  // namespace tally::generator
