// Names first, then what refers to them, then what only the whole can say.
#include "generator/lower/lower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "generator/lower/classes.hpp"
#include "generator/lower/enums.hpp"
#include "generator/lower/errors.hpp"
#include "generator/lower/obtainable.hpp"
#include "generator/lower/parts.hpp"
#include "generator/lower/types.hpp"
#include "generator/lower/versions.hpp"

namespace tally::generator {
namespace {

class Lowering {
 public:
  Lowering(const Document& document, Diagnostics& diagnostics)
      : root_(document),
        complaints_(document, diagnostics),
        versions_(root_, complaints_),
        classes_are_whole_(shape_of_classes_is_right(diagnostics)) {}

  model::Interface run() {
    check_interface_name();
    result_.name = root_["interface"].text().value_or("");
    result_.doc = doc_of(root_);
    result_.version = versions_.interface_version();
    result_.errors = lower_errors(root_["errors"], versions_, complaints_);
    result_.enums = lower_enums(root_["enums"], versions_, complaints_);
    declare_enums();
    declare_classes();
    declare_unusable_names();
    lower_classes();
    return std::move(result_);
  }

 private:
  /// Whether the classes, which may stand under a misspelt key, have been read whole.
  static bool shape_of_classes_is_right(const Diagnostics& diagnostics) {
    return std::ranges::none_of(diagnostics.sorted(), [](const Diagnostic& diagnostic) {
      return diagnostic.path.empty() || diagnostic.path.starts_with("classes");
    });
  }

  void check_interface_name() {
    const Node node = root_["interface"];
    if (!node.is_text()) return;
    if (auto problem = check_name(*node.text(), NameKind::interface))
      complaints_.at_value(node, problem->message, problem->suggestion);
  }

  void declare_enums() {
    for (std::size_t i = 0; i < result_.enums.size(); ++i)
      types_.add({result_.enums[i].name, model::EnumType{i}, result_.enums[i].since});
  }

  void declare_classes() {
    for (const Node& node : root_["classes"].members()) {
      check_key(node, NameKind::object_class, complaints_);
      if (const Node same = root_["enums"][node.key()]; same.exists())
        complaints_.at_key(node, fmt::format("'{}' is the name of an enum too, on line {}", node.key(),
                                             complaints_.line_of(same)));
      const model::Version since = versions_.since(node);
      types_.add({node.key(), model::ClassType{result_.classes.size()}, since});
      result_.classes.push_back({node.key(), doc_of(node), since, model::Threads::confined, {}, {}});
    }
  }

  /// Names that a mistake elsewhere hides: in objects under unknown keys, such as "enum" for "enums", and in
  /// dropped duplicates.
  void declare_unusable_names() {
    static constexpr std::array<std::string_view, 7> kKnown = {"$schema", "interface", "version", "doc",
                                                               "errors",  "enums",     "classes"};
    for (const Node& section : root_.members())
      if (std::ranges::find(kKnown, section.key()) == kKnown.end())
        for (const Node& member : section.members()) types_.add_unusable(member.key());
    for (const std::string& name : complaints_.document().dropped_keys()) types_.add_unusable(name);
    for (const std::string_view key : {"enums", "classes"})
      if (root_[key].exists() && !root_[key].is_object()) types_.mark_incomplete();
  }

  void lower_classes() {
    const TypeResolver resolver(types_, result_.enums, complaints_);
    ClassLowering lowering(resolver, versions_, complaints_);
    const std::vector<Node> nodes = root_["classes"].members();
    for (std::size_t i = 0; i < nodes.size(); ++i) lowering.lower_members(nodes[i], result_.classes[i]);
    if (classes_are_whole_ && !lowering.has_lost_results()) check_all_are_obtainable(nodes);
  }

  void check_all_are_obtainable(const std::vector<Node>& nodes) {
    const std::vector<bool> obtainable = obtainable_classes(result_);
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (!obtainable[i]) complaints_.at_key(nodes[i], explain_unobtainable(result_.classes[i]));
  }

  static std::string explain_unobtainable(const model::Class& unobtainable) {
    if (!unobtainable.creators.empty())
      return fmt::format(
          "nobody can obtain an object of '{}': every creator needs an object that can't be had before",
          unobtainable.name);
    return fmt::format(
        "nobody can obtain an object of '{}': it has no \"create\", and no method that can be called returns "
        "one",
        unobtainable.name);
  }

  Node root_;
  Complaints complaints_;
  Versions versions_;
  bool classes_are_whole_;
  TypeTable types_;
  model::Interface result_;
};

}  // namespace

std::optional<model::Interface> lower(const Document& document, Diagnostics& diagnostics) {
  model::Interface result = Lowering(document, diagnostics).run();
  if (!diagnostics.empty()) return std::nullopt;
  return result;
}

}  // namespace tally::generator
