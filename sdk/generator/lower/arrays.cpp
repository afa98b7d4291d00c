// An array's creator takes how many, and then what each element's `create` takes. What can be given only once
// can't be given to many.
#include "generator/lower/arrays.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "generator/lower/parts.hpp"

namespace tally::generator {
namespace {

constexpr std::string_view kCreate = "create";
constexpr std::string_view kCount = "count";

void check_parameter(const Node& node, const model::Parameter& parameter, Complaints& complaints) {
  if (parameter.name == kCount)
    complaints.at_key(
        node, "'count' is how many an array is made of, since the class has \"arrays\": rename this one");
  if (parameter.passing == model::Passing::own)
    complaints.at_value(
        type_node_of(node),
        "only one object could have it, but the class has \"arrays\", whose elements are all made "
        "with the same arguments: borrow it");
}

model::Creator creator_of(const model::Creator& element_creator, model::Version since) {
  model::Creator creator{std::string(kCreate), "Makes `count` objects at once.", since, {}};
  creator.parameters.push_back(
      {std::string(kCount), "How many.", model::Scalar::u64, model::Passing::value, std::nullopt});
  creator.parameters.insert(creator.parameters.end(), element_creator.parameters.begin(),
                            element_creator.parameters.end());
  return creator;
}

void complete(const Node& class_node, const Versions& versions, const model::Class& element,
              model::Class& array, Complaints& complaints) {
  const Node node = class_node["arrays"];
  const auto create = std::ranges::find(element.creators, kCreate, &model::Creator::name);
  if (create == element.creators.end())
    return complaints.at_key(node, "an array needs a \"create\" in the class: it makes every element");
  for (const model::Parameter& parameter : create->parameters)
    check_parameter(class_node[kCreate]["in"][parameter.name], parameter, complaints);
  array.since = versions.since(node, create->since, "\"create\"");
  array.doc = node["doc"].text().value_or(
      fmt::format("Any number of `{}` objects, made and destroyed at once.", element.name));
  array.creators = {creator_of(*create, array.since)};
}

}  // namespace

std::string array_name(const std::string& element) {
  return element + "_array";
}

model::Class declare_array(const std::string& element_name, std::size_t element, model::Threads threads) {
  model::Class array{array_name(element_name), "", {}, threads, {}, {}};
  array.kind = model::ClassKind::array;
  array.element = element;
  return array;
}

void complete_arrays(const std::vector<ClassNode>& nodes, const Versions& versions,
                     std::vector<model::Class>& classes, Complaints& complaints) {
  for (const ClassNode& each : nodes) {
    const std::size_t after = each.index + 1;
    if (after < classes.size() && classes[after].kind == model::ClassKind::array)
      complete(each.node, versions, classes[each.index], classes[after], complaints);
  }
}

}  // namespace tally::generator
