// See meaning.hpp. The text is part of the ABI: a change here changes every hash.
#include "generator/model/meaning.hpp"

#include <array>
#include <cstdio>

namespace tally::generator::model {

namespace {

std::string enum_meaning(const Enum& type, Version as_of) {
  std::string text = "enum{";
  for (const EnumValue& value : type.values) {
    if (value.since > as_of) continue;
    if (!text.ends_with('{')) text += ",";
    text += value.name + "=" + std::to_string(value.value);
  }
  return text + "}";
}

std::string callback_meaning(const Interface& interface, const Callback& callback, Version as_of);

std::string type_meaning(const Interface& interface, const Type& type, Version as_of) {
  static constexpr std::array kScalars = {"bool", "i8",  "i16", "i32", "i64", "u8",
                                          "u16",  "u32", "u64", "f32", "f64"};
  struct Visitor {
    const Interface& interface;
    Version as_of;
    std::string operator()(Scalar scalar) const { return kScalars[static_cast<std::size_t>(scalar)]; }
    std::string operator()(EnumType of) const { return enum_meaning(interface.enums[of.index], as_of); }
    std::string operator()(Text) const { return "string"; }
    std::string operator()(Bytes) const { return "bytes"; }
    std::string operator()(ClassType of) const { return interface.classes[of.index].name; }
    std::string operator()(CallbackType of) const {
      return callback_meaning(interface, interface.callbacks[of.index], as_of);
    }
  };
  return std::visit(Visitor{interface, as_of}, type);
}

std::string_view passing_meaning(Passing passing) {
  switch (passing) {
    case Passing::value:
      return "";
    case Passing::borrow:
      return "borrow ";
    case Passing::own:
      return "own ";
    case Passing::view:
      return "view ";
  }
  return "";
}

std::string value_meaning(const Interface& interface, const Type& type, Passing passing, Version as_of) {
  return std::string(passing_meaning(passing)) + type_meaning(interface, type, as_of);
}

std::string parameters_meaning(const Interface& interface, const std::vector<Parameter>& parameters,
                               Version as_of) {
  std::string text;
  for (const Parameter& parameter : parameters)
    text += (text.empty() ? "" : ", ") + value_meaning(interface, parameter.type, parameter.passing, as_of);
  return text;
}

std::string result_meaning(const Interface& interface, const Result* result, Version as_of) {
  return result ? " -> " + value_meaning(interface, result->type, result->passing, as_of) : "";
}

// A callback is what it takes and returns; its name is the caller's own business.
std::string callback_meaning(const Interface& interface, const Callback& callback, Version as_of) {
  return "callback(" + parameters_meaning(interface, callback.parameters, as_of) + ")" +
         result_meaning(interface, callback.result ? &*callback.result : nullptr, as_of);
}

std::string_view kind_meaning(ClassKind kind) {
  switch (kind) {
    case ClassKind::single:
      return "";
    case ClassKind::counted:
      return " counted";
    case ClassKind::array:
      return " array";
    case ClassKind::host:
      return " host";
  }
  return "";
}

// "encoder confined": the class, and all that a caller has to know of it.
std::string class_meaning(const Interface& interface, const Class& owner) {
  std::string text = owner.name + " " + std::string(thread_rule_name(owner.threads));
  text += kind_meaning(owner.kind);
  if (owner.parent) {
    text += owner.parent->ends == ParentEnds::keep ? " kept by " : " ended by ";
    text += interface.classes[owner.parent->index].name;
  }
  return text;
}

std::string self_meaning(const Interface& interface, const Function& function) {
  const bool is_consumed = function.kind == FunctionKind::destroy ||
                           function.kind == FunctionKind::try_destroy ||
                           function.kind == FunctionKind::release || function.consumes_self();
  return std::string("self: ") + (is_consumed ? "own " : "borrow ") +
         class_meaning(interface, *function.owner);
}

// A host's class is created from its methods, so their meaning is its creator's.
std::string host_methods_meaning(const Interface& interface, const Class& owner, Version as_of) {
  std::string text;
  for (const Method& method : owner.methods) {
    if (method.since > as_of) continue;
    text += (text.empty() ? "" : ", ") + method.name + "(" +
            parameters_meaning(interface, method.parameters, as_of) + ")" +
            result_meaning(interface, method.result ? &*method.result : nullptr, as_of);
  }
  return text;
}

bool has_self(FunctionKind kind) {
  return kind != FunctionKind::create && kind != FunctionKind::static_call && kind != FunctionKind::allocate;
}

std::string arguments_meaning(const Interface& interface, const Function& function) {
  const bool is_host_create = function.kind == FunctionKind::create && !function.creator;
  if (is_host_create) return host_methods_meaning(interface, *function.owner, function.since);
  std::string text = has_self(function.kind) ? self_meaning(interface, function) : "";
  const std::string parameters = parameters_meaning(interface, function.parameters(), function.since);
  return text + (text.empty() || parameters.empty() ? "" : ", ") + parameters;
}

std::string outcome_meaning(const Interface& interface, const Function& function) {
  if (function.kind == FunctionKind::create || function.kind == FunctionKind::retain)
    return " -> own " + class_meaning(interface, *function.owner);
  return result_meaning(interface, function.result(), function.since);
}

}  // namespace

std::string_view thread_rule_name(Threads threads) {
  switch (threads) {
    case Threads::confined:
      return "confined";
    case Threads::exclusive:
      return "exclusive";
    case Threads::shared:
      return "shared";
    case Threads::with_parent:
      return "with-parent";
  }
  return "";
}

std::string meaning(const Interface& interface, const Function& function) {
  const bool invalidates = function.method && function.method->invalidates;
  return qualified_name(function) + "(" + arguments_meaning(interface, function) + ")" +
         outcome_meaning(interface, function) + (invalidates ? " invalidates" : "") +
         (function.is_realtime() ? " realtime" : "");
}

std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char c : text) {
    value ^= static_cast<unsigned char>(c);
    value *= 0x100000001b3;
  }
  return value;
}

std::string hash_text(std::uint64_t hash) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace tally::generator::model
