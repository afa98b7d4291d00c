// Names first, then what refers to them, then what only the whole can say.
#include "generator/lower/lower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "generator/lower/arrays.hpp"
#include "generator/lower/callbacks.hpp"
#include "generator/lower/classes.hpp"
#include "generator/lower/docs.hpp"
#include "generator/lower/enums.hpp"
#include "generator/lower/errors.hpp"
#include "generator/lower/kinds.hpp"
#include "generator/lower/obtainable.hpp"
#include "generator/lower/parents.hpp"
#include "generator/lower/parts.hpp"
#include "generator/lower/realtime.hpp"
#include "generator/lower/reentry.hpp"
#include "generator/lower/threads.hpp"
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
        sources_are_whole_(shape_of_sources_is_right(diagnostics)) {}

  model::Interface run() {
    check_interface_name();
    check_docs(root_, complaints_);
    result_.name = root_["interface"].text().value_or("");
    result_.doc = doc_of(root_);
    result_.version = versions_.interface_version();
    result_.errors = lower_errors(root_["errors"], versions_, complaints_);
    result_.enums = lower_enums(root_["enums"], versions_, complaints_);
    result_.callbacks = declare_callbacks(root_["callbacks"], versions_, complaints_);
    declare_types();
    declare_classes();
    declare_unusable_names();
    lower_parents(nodes_, types_, result_, complaints_);
    check_threads(nodes_, result_.classes, complaints_);
    lower_functions_and_classes();
    return std::move(result_);
  }

 private:
  /// Whether all that objects come from, which may stand under a misspelt key, has been read whole.
  static bool shape_of_sources_is_right(const Diagnostics& diagnostics) {
    return std::ranges::none_of(diagnostics.sorted(), [](const Diagnostic& diagnostic) {
      static constexpr std::array<std::string_view, 3> kSources = {"callbacks", "functions", "classes"};
      return diagnostic.path.empty() || std::ranges::any_of(kSources, [&](std::string_view section) {
               return diagnostic.path.starts_with(section);
             });
    });
  }

  void check_interface_name() {
    const Node node = root_["interface"];
    if (!node.is_text()) return;
    if (auto problem = check_name(*node.text(), NameKind::interface))
      complaints_.at_value(node, problem->message, problem->suggestion);
  }

  void declare_types() {
    for (std::size_t i = 0; i < result_.enums.size(); ++i)
      types_.add({result_.enums[i].name, model::EnumType{i}, result_.enums[i].since});
    for (std::size_t i = 0; i < result_.callbacks.size(); ++i) {
      const model::Callback& callback = result_.callbacks[i];
      check_is_new(root_["callbacks"][callback.name], "enums", "an enum");
      types_.add({callback.name, model::CallbackType{i}, callback.since});
    }
  }

  void declare_classes() {
    for (const Node& node : root_["classes"].members()) {
      check_key(node, NameKind::object_class, complaints_);
      check_is_new(node, "enums", "an enum");
      check_is_new(node, "callbacks", "a callback");
      const model::Version since = versions_.since(node);
      const std::size_t index = result_.classes.size();
      types_.add({node.key(), model::ClassType{index}, since});
      nodes_.push_back({node, index});
      result_.classes.push_back({node.key(), doc_of(node), since, lower_threads(node), {}, {}});
      result_.classes.back().kind = lower_kind(node, complaints_);
      const bool can_have_arrays = result_.classes.back().kind == model::ClassKind::single;
      if (has_arrays(node) && can_have_arrays) declare_array_of(node, index);
    }
  }

  void declare_array_of(const Node& node, std::size_t index) {
    const std::string name = array_name(node.key());
    for (const std::string_view section : {"enums", "callbacks", "classes"})
      if (const Node same = root_[section][name]; same.exists())
        complaints_.at_key(
            node["arrays"],
            fmt::format("makes the class '{}', which is a name on line {} too: rename one of them", name,
                        complaints_.line_of(same)));
    types_.add_array(name);
    result_.classes.push_back(declare_array(node.key(), index, result_.classes[index].threads));
  }

  /// Enums, callbacks and classes have their names from one set.
  void check_is_new(const Node& node, std::string_view section, std::string_view what_it_holds) {
    if (const Node same = root_[section][node.key()]; same.exists())
      complaints_.at_key(node, fmt::format("'{}' is the name of {} too, on line {}", node.key(),
                                           what_it_holds, complaints_.line_of(same)));
  }

  /// Names that a mistake elsewhere hides: in objects under unknown keys, such as "enum" for "enums", and in
  /// dropped duplicates.
  void declare_unusable_names() {
    static constexpr std::array<std::string_view, 9> kKnown = {
        "$schema", "interface", "version", "doc", "errors", "enums", "callbacks", "functions", "classes"};
    for (const Node& section : root_.members())
      if (std::ranges::find(kKnown, section.key()) == kKnown.end())
        for (const Node& member : section.members()) types_.add_unusable(member.key());
    for (const std::string& name : complaints_.document().dropped_keys()) types_.add_unusable(name);
    for (const std::string_view key : {"enums", "callbacks", "classes"})
      if (root_[key].exists() && !root_[key].is_object()) types_.mark_incomplete();
  }

  void lower_functions_and_classes() {
    const TypeResolver resolver(types_, result_.enums, complaints_);
    SignatureLowering signatures(resolver, complaints_);
    complete_callbacks(root_["callbacks"], signatures, result_.callbacks);
    result_.functions = lower_functions(root_["functions"], versions_, signatures, complaints_);
    ClassLowering lowering(signatures, versions_, complaints_);
    for (const ClassNode& each : nodes_) lowering.lower_members(each.node, result_.classes[each.index]);
    complete_arrays(nodes_, versions_, result_.classes, complaints_);
    find_parent_sources(root_, nodes_, result_, complaints_);
    infer_reentry(root_, nodes_, result_);
    lower_realtime(root_, nodes_, result_, complaints_);
    if (sources_are_whole_ && !signatures.has_lost_types()) check_all_are_obtainable();
  }

  void check_all_are_obtainable() {
    const std::vector<bool> obtainable = obtainable_classes(result_);
    for (const ClassNode& each : nodes_)
      if (!obtainable[each.index])
        complaints_.at_key(each.node, explain_unobtainable(result_.classes[each.index]));
  }

  static std::string explain_unobtainable(const model::Class& unobtainable) {
    if (!unobtainable.creators.empty())
      return fmt::format(
          "nobody can obtain an object of '{}': every creator needs an object that can't be had before",
          unobtainable.name);
    return fmt::format(
        "nobody can obtain an object of '{}': it has no \"create\", and no function that can be called "
        "returns "
        "one",
        unobtainable.name);
  }

  Node root_;
  Complaints complaints_;
  Versions versions_;
  bool sources_are_whole_;
  TypeTable types_;
  std::vector<ClassNode> nodes_;
  model::Interface result_;
};

}  // namespace

std::optional<model::Interface> lower(const Document& document, Diagnostics& diagnostics) {
  model::Interface result = Lowering(document, diagnostics).run();
  if (!diagnostics.empty()) return std::nullopt;
  return result;
}

}  // namespace tally::generator
