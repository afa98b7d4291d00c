// The rules that hold for every kind of name come first; then what generated code needs for itself.
#include "generator/lower/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "generator/load/diagnostic.hpp"
#include "generator/lower/reserved_words.hpp"
#include "generator/lower/type_names.hpp"
#include "generator/text/words.hpp"

namespace tally::generator {
namespace {

constexpr std::size_t kLongest = 64;

constexpr std::string_view kInterfaceNames[] = {"author", "detail", "empty", "host", "linked",    "pybind11",
                                                "rt",     "std",    "tally", "tp",   "tallystick"};
constexpr std::string_view kErrorNames[] = {"interface", "interface_error", "module"};
// Enums, callbacks and classes. In C++ they are used inside of classes, where what these have from
// bindings/cpp comes first.
constexpr std::string_view kTypeNames[] = {"api",       "array_reference", "counted_owner", "deleter",
                                           "interface", "iterator",        "module",        "owner",
                                           "reference", "token_holder",    "word"};
constexpr std::string_view kFunctionNames[] = {"allocate", "host"};
constexpr std::string_view kMemberNames[] = {"close",  "destroy", "id",        "release",
                                             "retain", "same",    "try_close", "try_destroy"};
constexpr std::string_view kParameterNames[] = {"api", "error", "out", "owner"};

/// [a-z][a-z0-9]*(_[a-z0-9]+)*
bool is_snake_case(std::string_view name) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_allowed = [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && is_lower(name.front()) && name.back() != '_' &&
         std::ranges::all_of(name, is_allowed) && name.find("__") == std::string_view::npos;
}

std::span<const std::string_view> needed_names(NameKind kind) {
  switch (kind) {
    case NameKind::interface:
      return kInterfaceNames;
    case NameKind::error:
      return kErrorNames;
    case NameKind::enumeration:
    case NameKind::callback:
    case NameKind::object_class:
      return kTypeNames;
    case NameKind::function:
      return kFunctionNames;
    case NameKind::creator:
    case NameKind::method:
      return kMemberNames;
    case NameKind::parameter:
      return kParameterNames;
    default:
      return {};
  }
}

/// Whether the name could be one of Tallystick's own where it stands as it is, without the interface's before
/// it.
bool begins_like_ours(std::string_view name, NameKind kind) {
  const bool stands_alone = kind == NameKind::interface || kind == NameKind::function ||
                            kind == NameKind::creator || kind == NameKind::method ||
                            kind == NameKind::parameter;
  return stands_alone && name.starts_with("tally_");
}

/// A suffix that makes a free name of a taken one and still reads well.
std::string_view suffix_for(NameKind kind) {
  switch (kind) {
    case NameKind::interface:
      return "_api";
    case NameKind::error:
      return "_error";
    case NameKind::enumeration:
      return "_kind";
    case NameKind::callback:
      return "_callback";
    case NameKind::object_class:
      return "_object";
    case NameKind::creator:
      return "_one";
    case NameKind::function:
    case NameKind::method:
      return "_it";
    case NameKind::enum_value:
    case NameKind::parameter:
      return "_value";
  }
  return "";
}

NameProblem taken(std::string_view name, NameKind kind, std::string_view by) {
  return {fmt::format("'{0}' is {1}: add a suffix, as in '{0}{2}'", name, by, suffix_for(kind))};
}

}  // namespace

std::optional<NameProblem> check_name(std::string_view name, NameKind kind) {
  if (!is_snake_case(name)) {
    const std::string better = snake_case(name);
    return NameProblem{"a name is written in snake_case, like 'open_file', not " + in_quotes(name),
                       better.empty() ? std::nullopt : std::optional(better)};
  }
  if (name.size() > kLongest)
    return NameProblem{fmt::format("the name is {} characters long: {} is the most", name.size(), kLongest)};
  if (const auto reserved = reserved_as(name)) return taken(name, kind, *reserved);
  if (kind == NameKind::interface) {
    if (const auto reserved = reserved_globally_as(name)) return taken(name, kind, *reserved);
  }
  if (begins_like_ours(name, kind))
    return NameProblem{
        fmt::format("'{}' begins with 'tally_', as Tallystick's own names in C do: rename it", name)};
  if (std::ranges::find(needed_names(kind), name) != needed_names(kind).end())
    return taken(name, kind, "a name that generated code needs for itself");
  const bool names_type =
      kind == NameKind::enumeration || kind == NameKind::callback || kind == NameKind::object_class;
  if (names_type && is_word_of_types(name)) return taken(name, kind, "a word of type strings");
  return std::nullopt;
}

}  // namespace tally::generator
