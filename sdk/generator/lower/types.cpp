// Words first, then the type that they name, then how it is passed, then its default; the first of these that
// is wrong is reported.
#include "generator/lower/types.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "generator/lower/passing.hpp"
#include "generator/lower/type_names.hpp"
#include "generator/lower/versions.hpp"
#include "generator/text/words.hpp"

namespace tally::generator {
namespace {

bool says_passing(const TypeText& text) {
  return text.words.size() == 2;
}

/// `own`, `borrow`, `view` or `callback`, or nothing.
std::string_view passing_word(const TypeText& text) {
  return says_passing(text) ? text.words[0].text : "";
}

std::string whole_type(const TypeText& text) {
  std::string result(text.words.front().text);
  for (std::size_t i = 1; i < text.words.size(); ++i) result.append(" ").append(text.words[i].text);
  return result;
}

/// Why there can be no default, whatever it is; empty if there can.
std::string_view explain_no_default(const ResolvedType& resolved, Role role) {
  if (is_result(role)) return "a result has no default";
  if (role == Role::host_parameter) return "what the host is called with has no default: the module gives it";
  if (std::holds_alternative<model::CallbackType>(resolved.type)) return "callbacks have no default";
  const bool is_text = std::holds_alternative<model::Text>(resolved.type);
  return is_text && resolved.passing == model::Passing::own ? "text that is given has no default" : "";
}

bool is_callback(const TypeTable::Entry& entry) {
  return std::holds_alternative<model::CallbackType>(entry.type);
}

}  // namespace

TypeTable::TypeTable() {
  for (const BuiltinType& builtin : builtin_types())
    add({std::string(builtin.name), builtin.type, std::nullopt});
}

const TypeTable::Entry* TypeTable::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &Entry::name);
  return found == entries_.end() ? nullptr : &*found;
}

bool TypeTable::may_exist(std::string_view name) const {
  return is_incomplete_ || std::ranges::find(unusable_, name) != unusable_.end();
}

bool TypeTable::is_array(std::string_view name) const {
  return std::ranges::find(arrays_, name) != arrays_.end();
}

std::vector<std::string> TypeTable::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_)
    if (!is_callback(entry)) names.push_back(entry.name);
  return names;
}

std::vector<std::string> TypeTable::callback_names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_)
    if (is_callback(entry)) names.push_back(entry.name);
  return names;
}

std::optional<ResolvedType> TypeResolver::resolve(const Node& node, Role role, model::Version since) const {
  const std::optional<std::string> source = node.text();
  if (!source) return std::nullopt;
  const TypeText text = parse_type_text(*source);
  const TypeTable::Entry* const entry = find_type(node, text);
  if (entry == nullptr || !check_since(node, text, *entry, since)) return std::nullopt;
  const std::optional<model::Passing> how = passing(node, text, entry->type, role);
  if (!how) return std::nullopt;
  ResolvedType resolved{entry->type, *how, std::nullopt};
  if (text.default_text) {
    resolved.default_value = default_value(node, text, resolved, role, since);
    if (!resolved.default_value) return std::nullopt;
  }
  return resolved;
}

const TypeTable::Entry* TypeResolver::find_type(const Node& node, const TypeText& text) const {
  if (!check_word_count(node, text)) return nullptr;
  const TypeTable::Entry* const entry = types_.find(text.words.back().text);
  const bool starts_right = !says_passing(text) || is_passing_word(text.words.front().text);
  if (entry != nullptr && starts_right) return entry;
  if (starts_right && types_.may_exist(text.words.back().text)) return nullptr;
  complain_of_unknown(node, text);
  return nullptr;
}

bool TypeResolver::check_word_count(const Node& node, const TypeText& text) const {
  if (text.words.empty()) return complaints_.within(node, 0, "a type is missing"), false;
  const Word& last = text.words.back();
  if (text.words.size() <= 2 && is_passing_word(last.text))
    return complaints_.within(node, last.offset, fmt::format("a type is missing after '{}'", last.text)),
           false;
  if (text.words.size() > 2) {
    complaints_.within(
        node, text.words[2].offset,
        fmt::format("{} is one word too many: a type is '[own|borrow|view|callback] TYPE [= DEFAULT]'",
                    in_quotes(text.words[2].text)));
    return false;
  }
  return true;
}

void TypeResolver::complain_of_unknown(const Node& node, const TypeText& text) const {
  const Word& first = text.words.front();
  const Word& last = text.words.back();
  if (last.text == "void")
    return complaints_.within(node, last.offset,
                              "there is no type 'void': what returns nothing has no \"out\"");
  if (types_.is_array(last.text))
    return complaints_.within(
        node, last.offset,
        fmt::format("'{}' is an array, which only its owner uses: pass its elements", last.text));
  if (first.text == "callback") return complain_of_unknown_callback(node, last);
  if (const auto translated = translated_type(whole_type(text)))
    return complaints_.within(node, first.offset, "unknown type " + in_quotes(whole_type(text)), translated);
  if (is_passing_word(first.text) || text.words.size() == 1) {
    const auto translated = translated_type(last.text);
    return complaints_.within(node, last.offset, "unknown type " + in_quotes(last.text),
                              translated ? translated : closest(last.text, types_.names()));
  }
  if (types_.find(first.text) != nullptr)
    return complaints_.within(
        node, last.offset,
        fmt::format("nothing but '= DEFAULT' can follow '{}', not {}", first.text, in_quotes(last.text)));
  const std::vector<std::string> passings = {"own", "borrow", "view", "callback"};
  complaints_.within(
      node, first.offset,
      fmt::format("must be 'own', 'borrow', 'view' or 'callback', not {}", in_quotes(first.text)),
      closest(first.text, passings));
}

void TypeResolver::complain_of_unknown_callback(const Node& node, const Word& name) const {
  complaints_.within(node, name.offset, "unknown callback " + in_quotes(name.text),
                     closest(name.text, types_.callback_names()));
}

bool TypeResolver::check_since(const Node& node, const TypeText& text, const TypeTable::Entry& entry,
                               model::Version since) const {
  if (!entry.since || *entry.since <= since) return true;
  complaints_.within(
      node, text.words.back().offset,
      fmt::format("'{}' exists since {}, what uses it here since {}: give that a \"since\" of {}", entry.name,
                  to_text(*entry.since), to_text(since), to_text(*entry.since)));
  return false;
}

std::optional<model::Passing> TypeResolver::passing(const Node& node, const TypeText& text,
                                                    const model::Type& type, Role role) const {
  const std::string_view word = passing_word(text);
  const std::string_view name = text.words.back().text;
  const std::string why = explain_passing(word, name, type, role);
  if (why.empty()) return passing_of(word, type);
  complaints_.within(node, text.words.front().offset, why);
  return std::nullopt;
}

std::optional<model::Default> TypeResolver::default_value(const Node& node, const TypeText& text,
                                                          const ResolvedType& resolved, Role role,
                                                          model::Version since) const {
  const std::string_view why = explain_no_default(resolved, role);
  if (!why.empty()) return complaints_.within(node, text.equals_offset, std::string(why)), std::nullopt;
  const DefaultResult result =
      parse_default(text.default_text->text, resolved.type, text.words.back().text, enums_, since);
  if (!result.value && !result.problem.empty())
    complaints_.within(node, text.default_text->offset, result.problem, result.suggestion);
  return result.value;
}

}  // namespace tally::generator
