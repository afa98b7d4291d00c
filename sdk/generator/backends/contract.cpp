// The contracts of comment.hpp: what becomes of each value that is passed, said once for all languages.
#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"

namespace tally::generator {

using namespace model;

namespace {

std::string with_full_stop(const std::string& doc) {
  if (doc.empty() || doc.ends_with('.') || doc.ends_with('!') || doc.ends_with('?') || doc.ends_with(':'))
    return doc;
  return doc + ".";
}

std::string join_sentences(const std::string& doc, const std::string& more) {
  if (doc.empty() || more.empty()) return with_full_stop(doc) + more;
  return with_full_stop(doc) + " " + more;
}

bool is_text(const Type& type) {
  return std::holds_alternative<Text>(type);
}

bool is_memory(const Type& type) {
  return is_text(type) || std::holds_alternative<Bytes>(type);
}

bool is_counted(const Interface& interface, const Type& type) {
  const auto* const object = std::get_if<ClassType>(&type);
  return object && interface.classes[object->index].kind == ClassKind::counted;
}

// What becomes of an argument that the module is given.
std::string argument_to_module(const Interface& interface, const Parameter& parameter) {
  const bool is_owned = parameter.passing == Passing::own;
  if (std::holds_alternative<CallbackType>(parameter.type))
    return "Kept by the module, which releases it exactly once; not at all if the call fails.";
  if (is_memory(parameter.type) && is_owned)
    return std::string(is_text(parameter.type) ? "UTF-8. " : "") +
           "Taken without a copy: yours no more once the call has succeeded.";
  if (is_text(parameter.type)) return "UTF-8, borrowed for the call.";
  if (is_memory(parameter.type)) return "Borrowed for the call; not copied.";
  if (!std::holds_alternative<ClassType>(parameter.type)) return "";
  if (!is_owned) return "Borrowed for the call: still yours.";
  return is_counted(interface, parameter.type)
             ? "One reference, taken: yours no more once the call has succeeded."
             : "Taken: yours no more once the call has succeeded.";
}

// What becomes of an argument that the host is given.
std::string argument_to_host(const Interface& interface, const Parameter& parameter) {
  if (is_text(parameter.type)) return "UTF-8, borrowed for the call: copy what you keep.";
  if (is_memory(parameter.type)) return "Borrowed for the call: copy what you keep.";
  if (!std::holds_alternative<ClassType>(parameter.type)) return "";
  if (parameter.passing == Passing::borrow) return "Borrowed for the call.";
  return is_counted(interface, parameter.type) ? "One reference, given: yours once you have taken it."
                                               : "Given: yours once you have taken it.";
}

std::string result_of_module(const Interface& interface, const Result& result) {
  if (result.passing == Passing::view) return "A view into the object: readable until you close it.";
  if (result.passing != Passing::own) return "";
  if (is_memory(result.type)) return "A blob: yours to free.";
  return is_counted(interface, result.type) ? "A reference: yours to release."
                                            : "A new object: yours to destroy.";
}

std::string result_of_host(const Result& result) {
  return result.passing == Passing::own ? "A blob that you give." : "";
}

void add(std::vector<std::string>& paragraphs, const std::string& name, const std::string& text) {
  if (!text.empty()) paragraphs.push_back(name + ": " + text);
}

std::string with_default(const Interface& interface, const Parameter& parameter, const std::string& about) {
  if (!parameter.default_value) return about;
  return about + (about.empty() ? "" : " ") + fmt::format("Usually {}.", default_text(interface, parameter));
}

const std::string& doc_of(const Function& function) {
  static const std::string none;
  if (function.creator) return function.creator->doc;
  if (function.method) return function.method->doc;
  return function.static_function ? function.static_function->doc : none;
}

std::string about_parent(const Function& function) {
  const ParentSource* const source = function.parent();
  if (!source) return "";
  switch (source->kind) {
    case ParentSource::Kind::self:
      return fmt::format("The parent of what it makes is this {}.", function.owner->name);
    case ParentSource::Kind::parent_of_self:
      return fmt::format("What it makes has the parent that this {} has.", function.owner->name);
    case ParentSource::Kind::parameter:
      return fmt::format("The parent of what it makes is `{}`.",
                         function.parameters()[source->parameter].name);
  }
  return "";
}

std::string what_it_does(const Interface& interface, const Function& function) {
  std::string what = with_full_stop(doc_of(function));
  if (function.consumes_self())
    what = join_sentences(
        what, fmt::format("Consumes the {}: a call that succeeds ends it, one that fails leaves it yours.",
                          function.owner->name));
  const bool invalidates = function.method && function.method->invalidates;
  if (invalidates || (function.consumes_self() && function.owner->has_views))
    what = join_sentences(
        what, fmt::format("Refused, as borrowed, while a view of the {} is open.", function.owner->name));
  what = join_sentences(what, about_parent(function));
  if (function.is_realtime())
    what =
        join_sentences(what,
                       "Real-time: on a thread that is attached (tally_thread_attach) it allocates nothing, "
                       "waits for nothing, and makes no system call.");
  if (!is_in_first_minor(interface, function))
    what = join_sentences(what, fmt::format("Since {}.", c::version_text(function.since)));
  return what;
}

std::vector<std::string> host_contract(const Interface& interface, const std::string& doc, Version since,
                                       const std::vector<Parameter>& parameters,
                                       const std::optional<Result>& result) {
  std::vector<std::string> paragraphs;
  const bool is_later = since > Version{interface.version.major, 0};
  const std::string what =
      join_sentences(with_full_stop(doc), is_later ? fmt::format("Since {}.", c::version_text(since)) : "");
  if (!what.empty()) paragraphs.push_back(what);
  for (const Parameter& parameter : parameters)
    add(paragraphs, parameter.name, join_sentences(parameter.doc, argument_to_host(interface, parameter)));
  if (result) add(paragraphs, "Result", join_sentences(result->doc, result_of_host(*result)));
  return paragraphs;
}

std::string parent_rule(const Interface& interface, const Class& owner) {
  if (!owner.parent) return "";
  const std::string& parent = interface.classes[owner.parent->index].name;
  if (owner.parent->ends == ParentEnds::keep)
    return fmt::format(
        "Each has a {0} as its parent. A {0} that is destroyed first waits for it (TALLY_DEFERRED), and "
        "the {1} stays usable.",
        parent, owner.name);
  return fmt::format(
      "Each has a {0} as its parent, and ends with it: a call on it is TALLY_GONE_WITH_PARENT from then "
      "on; giving it back is TALLY_OK, as before.",
      parent);
}

std::string kind_rule(const Interface& interface, const Class& owner) {
  switch (owner.kind) {
    case ClassKind::single:
      return "";
    case ClassKind::counted:
      return "Counted: every reference has a token of its own, and the object ends with the last of them.";
    case ClassKind::array:
      return fmt::format(
          "One token for all. Its elements are called by handle as any {0}, and end with it; the token is "
          "not that of a {0} (TALLY_WRONG_PAIR).",
          interface.classes[owner.element].name);
    case ClassKind::host:
      return "Implemented by the host: it makes objects of a table of methods, and gives them to the module.";
  }
  return "";
}

}  // namespace

std::vector<std::string> contract(const Interface& interface, const Function& function) {
  std::vector<std::string> paragraphs;
  const std::string what = what_it_does(interface, function);
  if (!what.empty()) paragraphs.push_back(what);
  for (const Parameter& parameter : function.parameters()) {
    const std::string about = with_default(interface, parameter, argument_to_module(interface, parameter));
    add(paragraphs, parameter.name, join_sentences(parameter.doc, about));
  }
  if (const Result* const result = function.result())
    add(paragraphs, "Result", join_sentences(result->doc, result_of_module(interface, *result)));
  return paragraphs;
}

std::vector<std::string> contract(const Interface& interface, const Callback& callback) {
  return host_contract(interface, callback.doc, callback.since, callback.parameters, callback.result);
}

std::vector<std::string> host_contract(const Interface& interface, const Method& method) {
  return host_contract(interface, method.doc, method.since, method.parameters, method.result);
}

std::string thread_rule(const Class& owner) {
  switch (owner.threads) {
    case Threads::confined:
      return "Confined: an object belongs to the thread that created it. A call from another is "
             "TALLY_WRONG_THREAD; a destroy from "
             "another is deferred to it.";
    case Threads::exclusive:
      return "Exclusive: any thread may use an object, one at a time; a call while another thread is inside "
             "is TALLY_CONCURRENT_USE. A destroy never waits: it leaves the end to the call that is inside.";
    case Threads::shared:
      return "Shared: any number of threads may use an object at once. A destroy never waits: it leaves the "
             "end to the last call that is inside.";
    case Threads::with_parent:
      return "With its parent: any thread may use an object, one at a time among its parent and all of that "
             "one's children; a call while another thread is inside one of them is TALLY_CONCURRENT_USE. A "
             "destroy never waits: it leaves the end to the call that is inside.";
  }
  return "";
}

std::vector<std::string> class_rules(const Interface& interface, const Class& owner) {
  std::vector<std::string> rules;
  for (const std::string& rule :
       {kind_rule(interface, owner), parent_rule(interface, owner), thread_rule(owner)})
    if (!rule.empty()) rules.push_back(rule);
  return rules;
}

}  // namespace tally::generator
