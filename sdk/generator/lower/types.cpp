// Ownership is said in the description wherever a reader could be in doubt, and refused where it would be a
// lie.
#include "generator/lower/types.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "generator/lower/type_names.hpp"
#include "generator/lower/versions.hpp"
#include "generator/text/words.hpp"

namespace tally::generator {
namespace {

bool is_passing(std::string_view word) {
  return word == "own" || word == "borrow";
}

bool says_passing(const TypeText& text) {
  return text.words.size() == 2;
}

/// `own` or `borrow`, or nothing.
std::string_view passing_word(const TypeText& text) {
  return says_passing(text) ? text.words[0].text : "";
}

std::string whole_type(const TypeText& text) {
  std::string result(text.words.front().text);
  for (std::size_t i = 1; i < text.words.size(); ++i) result.append(" ").append(text.words[i].text);
  return result;
}

bool goes_by_value(const model::Type& type) {
  return std::holds_alternative<model::Scalar>(type) || std::holds_alternative<model::EnumType>(type);
}

bool is_class(const model::Type& type) {
  return std::holds_alternative<model::ClassType>(type);
}

/// Why a parameter can't be passed as the word says; empty if it can.
std::string explain_parameter(std::string_view word, std::string_view name, const model::Type& type) {
  if (is_class(type) && word.empty())
    return fmt::format(
        "who owns the {0}? Write 'borrow {0}' if the call only uses it, 'own {0}' if the call takes it",
        name);
  if (!is_class(type) && word == "own")
    return fmt::format("a parameter borrows text and bytes: write '{}'; the callee copies what it keeps",
                       name);
  return {};
}

std::string explain_result(std::string_view word, std::string_view name, const model::Type& type) {
  if (word == "own") return {};
  return fmt::format("a result that is {} is owned by the caller: write 'own {}'",
                     is_class(type) ? "an object" : "memory", name);
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

std::vector<std::string> TypeTable::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) names.push_back(entry.name);
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
  const bool starts_right = !says_passing(text) || is_passing(text.words.front().text);
  if (entry != nullptr && starts_right) return entry;
  if (starts_right && types_.may_exist(text.words.back().text)) return nullptr;
  complain_of_unknown(node, text);
  return nullptr;
}

bool TypeResolver::check_word_count(const Node& node, const TypeText& text) const {
  if (text.words.empty()) return complaints_.within(node, 0, "a type is missing"), false;
  const Word& last = text.words.back();
  if (text.words.size() <= 2 && is_passing(last.text))
    return complaints_.within(node, last.offset, fmt::format("a type is missing after '{}'", last.text)),
           false;
  if (text.words.size() > 2) {
    complaints_.within(node, text.words[2].offset,
                       fmt::format("{} is one word too many: a type is '[own|borrow] TYPE [= DEFAULT]'",
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
                              "there is no type 'void': a method that returns nothing has no \"out\"");
  if (const auto translated = translated_type(whole_type(text)))
    return complaints_.within(node, first.offset, "unknown type " + in_quotes(whole_type(text)), translated);
  if (is_passing(first.text) || text.words.size() == 1) {
    const auto translated = translated_type(last.text);
    return complaints_.within(node, last.offset, "unknown type " + in_quotes(last.text),
                              translated ? translated : closest(last.text, types_.names()));
  }
  if (types_.find(first.text) != nullptr)
    return complaints_.within(
        node, last.offset,
        fmt::format("nothing but '= DEFAULT' can follow '{}', not {}", first.text, in_quotes(last.text)));
  const std::vector<std::string> passings = {"own", "borrow"};
  complaints_.within(node, first.offset,
                     fmt::format("must be 'own' or 'borrow', not {}", in_quotes(first.text)),
                     closest(first.text, passings));
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
  if (goes_by_value(type)) {
    if (word.empty()) return model::Passing::value;
    complaints_.within(
        node, text.words.front().offset,
        fmt::format("'{}' can't stand before '{}': bool, numbers and enums are passed by value", word, name));
    return std::nullopt;
  }
  const std::string why =
      role == Role::result ? explain_result(word, name, type) : explain_parameter(word, name, type);
  if (why.empty()) return word == "own" ? model::Passing::own : model::Passing::borrow;
  complaints_.within(node, text.words.front().offset, why);
  return std::nullopt;
}

std::optional<model::Default> TypeResolver::default_value(const Node& node, const TypeText& text,
                                                          const ResolvedType& resolved, Role role,
                                                          model::Version since) const {
  if (role == Role::result)
    return complaints_.within(node, text.equals_offset, "a result has no default"), std::nullopt;
  const DefaultResult result =
      parse_default(text.default_text->text, resolved.type, text.words.back().text, enums_, since);
  if (!result.value && !result.problem.empty())
    complaints_.within(node, text.default_text->offset, result.problem, result.suggestion);
  return result.value;
}

}  // namespace tally::generator
