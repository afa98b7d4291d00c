// Parts may be written short, as one string, or long, as an object; both mean the same from here on.
#include "generator/lower/parts.hpp"

namespace tally::generator {

void check_key(const Node& node, NameKind kind, Complaints& complaints) {
  if (auto problem = check_name(node.key(), kind))
    complaints.at_key(node, problem->message, problem->suggestion);
}

std::string doc_of(const Node& part) {
  return part.is_text() ? part.text().value_or("") : part["doc"].text().value_or("");
}

Node type_node_of(const Node& part) {
  return part.is_object() ? part["type"] : part;
}

}  // namespace tally::generator
