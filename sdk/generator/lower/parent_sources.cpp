// The second half of parents.hpp: whoever makes a child has to have its parent at hand.
#include <fmt/format.h>

#include "generator/lower/parents.hpp"

namespace tally::generator {
namespace {

using model::ParentSource;

/// A function that may make a child.
struct Maker {
  Node node;
  const std::vector<model::Parameter>& parameters;
  std::size_t made;               ///< index of the class of what it makes
  const model::Method* method;    ///< null for creators and functions
  std::optional<std::size_t> of;  ///< index of the class that the method belongs to
};

class SourceSearch {
 public:
  SourceSearch(const model::Interface& interface, Complaints& complaints)
      : classes_(interface.classes), complaints_(complaints) {}

  /// None if what it makes has no parent, or if that is a mistake.
  std::optional<ParentSource> find(const Maker& maker) {
    const model::Class& made = classes_[maker.made];
    if (!made.parent) return std::nullopt;
    const std::size_t parent = made.parent->index;
    if (maker.of == parent) return of_self(maker);
    const std::vector<std::size_t> borrowed = borrowed_parents(maker, parent);
    if (borrowed.size() == 1) return ParentSource{ParentSource::Kind::parameter, borrowed.front()};
    if (borrowed.empty() && is_child_of(maker.of, parent))
      return ParentSource{ParentSource::Kind::parent_of_self};
    complain(maker, borrowed.size());
    return std::nullopt;
  }

 private:
  std::optional<ParentSource> of_self(const Maker& maker) {
    if (!maker.method->consumes_self) return ParentSource{ParentSource::Kind::self};
    const model::Class& made = classes_[maker.made];
    complaints_.at_value(
        maker.node["self"],
        fmt::format("the call consumes the '{}' that would be the parent of the '{}' it makes: borrow it",
                    classes_[made.parent->index].name, made.name));
    return std::nullopt;
  }

  static std::vector<std::size_t> borrowed_parents(const Maker& maker, std::size_t parent) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < maker.parameters.size(); ++i) {
      const auto* const type = std::get_if<model::ClassType>(&maker.parameters[i].type);
      if (type && type->index == parent && maker.parameters[i].passing == model::Passing::borrow)
        found.push_back(i);
    }
    return found;
  }

  bool is_child_of(std::optional<std::size_t> index, std::size_t parent) const {
    return index && classes_[*index].parent && classes_[*index].parent->index == parent;
  }

  void complain(const Maker& maker, std::size_t candidates) {
    // A parameter that could not be read may be the one.
    if (maker.parameters.size() != maker.node["in"].members().size()) return;
    const model::Class& made = classes_[maker.made];
    const std::string& parent = classes_[made.parent->index].name;
    const std::string what = fmt::format("makes a '{}', whose parent is a '{}'", made.name, parent);
    if (candidates == 0)
      complaints_.at_key(
          maker.node,
          fmt::format("{0}: which one? Add a parameter 'borrow {1}', or make it a method of '{1}'", what,
                      parent));
    else
      complaints_.at_key(
          maker.node,
          fmt::format("{}, and borrows {} of these: which one? Borrow the parent only", what, candidates));
  }

  const std::vector<model::Class>& classes_;
  Complaints& complaints_;
};

/// The class of an object that a function returns to an owner.
std::optional<std::size_t> made_by(const std::optional<model::Result>& result) {
  const auto* const type = result ? std::get_if<model::ClassType>(&result->type) : nullptr;
  if (!type || result->passing != model::Passing::own) return std::nullopt;
  return type->index;
}

}  // namespace

void find_parent_sources(const Node& root, const std::vector<ClassNode>& nodes, model::Interface& interface,
                         Complaints& complaints) {
  SourceSearch search(interface, complaints);
  for (const ClassNode& each : nodes) {
    for (model::Creator& creator : interface.classes[each.index].creators)
      creator.parent = search.find(
          {creator_named(each.node, creator.name), creator.parameters, each.index, nullptr, std::nullopt});
    for (model::Method& method : interface.classes[each.index].methods)
      if (const auto made = made_by(method.result))
        method.parent =
            search.find({each.node["methods"][method.name], method.parameters, *made, &method, each.index});
  }
  for (model::StaticFunction& function : interface.functions)
    if (const auto made = made_by(function.result))
      function.parent =
          search.find({root["functions"][function.name], function.parameters, *made, nullptr, std::nullopt});
}

}  // namespace tally::generator
