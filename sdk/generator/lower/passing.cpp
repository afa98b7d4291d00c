// Ownership is said in the description wherever a reader could be in doubt, and refused where it would be a
// lie. One function for each kind of type: each reads as the list of what can't be.
#include "generator/lower/passing.hpp"

#include <fmt/format.h>

namespace tally::generator {
namespace {

using model::Passing;

bool is_memory(const model::Type& type) {
  return std::holds_alternative<model::Text>(type) || std::holds_alternative<model::Bytes>(type);
}

bool goes_by_value(const model::Type& type) {
  return std::holds_alternative<model::Scalar>(type) || std::holds_alternative<model::EnumType>(type);
}

std::string explain_value(std::string_view word, std::string_view name) {
  if (word.empty()) return {};
  return fmt::format("'{}' can't stand before '{}': bool, numbers and enums are passed by value", word, name);
}

std::string explain_callback(std::string_view word, std::string_view name, Role role) {
  if (role == Role::host_parameter)
    return "the host can't be given a callback: give it an object of a class with methods";
  if (is_result(role)) return "a callback can't be returned: return an object of a class with methods";
  if (word == "callback") return {};
  return fmt::format("'{0}' is a callback: write 'callback {0}'", name);
}

std::string explain_object_result(std::string_view word, std::string_view name, Role role) {
  if (role == Role::callback_result)
    return "a callback returns a bool, a number or an enum: give it an object to answer to instead";
  if (role == Role::host_method_result)
    return "a method that the host implements returns no objects: give it an object to answer to instead";
  if (word == "view")
    return fmt::format("only 'string' and 'bytes' can be viewed: write 'own {}' if the caller gets it", name);
  if (word == "own") return {};
  return fmt::format("a result that is an object is owned by the caller: write 'own {}'", name);
}

std::string explain_object(std::string_view word, std::string_view name, Role role) {
  if (is_result(role)) return explain_object_result(word, name, role);
  if (word == "view") return fmt::format("only memory in a result can be viewed: write 'borrow {}'", name);
  if (!word.empty()) return {};
  return fmt::format(
      "who owns the {0}? Write 'borrow {0}' if the call only uses it, 'own {0}' if the call takes it", name);
}

std::string explain_memory_result(std::string_view word, std::string_view name, Role role) {
  if (role == Role::callback_result)
    return "a callback returns a bool, a number or an enum: memory can be given by a method that the host "
           "implements";
  if (word == "own" || (word == "view" && role == Role::result)) return {};
  if (word == "view")
    return fmt::format("memory can be viewed only inside an object of the module's: write 'own {}'", name);
  if (role != Role::result)
    return fmt::format("a result that is memory is owned by the caller: write 'own {}'", name);
  return fmt::format(
      "who owns the memory? Write 'own {0}' if the caller gets it, 'view {0}' if it stays in the object",
      name);
}

std::string explain_memory(std::string_view word, std::string_view name, Role role) {
  if (is_result(role)) return explain_memory_result(word, name, role);
  if (word == "view")
    return fmt::format("only a result can be a view: write '{}', which is borrowed for the call", name);
  if (word == "own" && role == Role::host_parameter)
    return fmt::format("the host borrows text and bytes: write '{}'; it copies what it keeps", name);
  return {};
}

}  // namespace

std::string explain_passing(std::string_view word, std::string_view name, const model::Type& type,
                            Role role) {
  if (std::holds_alternative<model::CallbackType>(type)) return explain_callback(word, name, role);
  if (word == "callback")
    return fmt::format("'{}' is no callback: 'callback' stands before the name of one under \"callbacks\"",
                       name);
  if (goes_by_value(type)) return explain_value(word, name);
  return is_memory(type) ? explain_memory(word, name, role) : explain_object(word, name, role);
}

Passing passing_of(std::string_view word, const model::Type& type) {
  if (goes_by_value(type)) return Passing::value;
  if (word == "view") return Passing::view;
  return word == "own" || word == "callback" ? Passing::own : Passing::borrow;
}

}  // namespace tally::generator
