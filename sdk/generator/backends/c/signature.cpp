// See signature.hpp.
#include "generator/backends/c/signature.hpp"

#include "generator/backends/c/naming.hpp"

namespace tally::generator::c {

using namespace model;

namespace {

std::string scalar_type(Scalar scalar) {
  switch (scalar) {
    case Scalar::boolean:
      return "tally_bool";
    case Scalar::i8:
      return "int8_t";
    case Scalar::i16:
      return "int16_t";
    case Scalar::i32:
      return "int32_t";
    case Scalar::i64:
      return "int64_t";
    case Scalar::u8:
      return "uint8_t";
    case Scalar::u16:
      return "uint16_t";
    case Scalar::u32:
      return "uint32_t";
    case Scalar::u64:
      return "uint64_t";
    case Scalar::f32:
      return "float";
    case Scalar::f64:
      return "double";
  }
  return "";
}

bool is_memory(const Type& type) {
  return std::holds_alternative<Text>(type) || std::holds_alternative<Bytes>(type);
}

void add_memory(std::vector<CParameter>& out, const Parameter& parameter) {
  if (parameter.passing == Passing::own) {
    out.push_back({"tally_blob *", parameter.name, &parameter});
    return;
  }
  const bool is_text = std::holds_alternative<Text>(parameter.type);
  out.push_back({is_text ? "const char *" : "const uint8_t *", parameter.name, &parameter});
  out.push_back({"size_t", parameter.name + "_size", &parameter});
}

void add_in(std::vector<CParameter>& out, const Interface& interface, const Parameter& parameter) {
  if (is_memory(parameter.type)) {
    add_memory(out, parameter);
  } else if (const auto* type = std::get_if<ClassType>(&parameter.type)) {
    const std::string name = type_name(interface, interface.classes[type->index]);
    out.push_back({parameter.passing == Passing::own ? name + " **" : "const " + name + " *", parameter.name,
                   &parameter});
  } else if (const auto* callback = std::get_if<CallbackType>(&parameter.type)) {
    const std::string name = callback_name(interface, interface.callbacks[callback->index]);
    out.push_back({"const " + name + " *", parameter.name, &parameter});
  } else {
    out.push_back({value_type(interface, parameter.type), parameter.name, &parameter});
  }
}

std::string out_type(const Interface& interface, const Result& result) {
  if (const auto* type = std::get_if<ClassType>(&result.type)) {
    const std::string name = type_name(interface, interface.classes[type->index]);
    return (result.passing == Passing::borrow ? "const " : "") + name + " **";
  }
  if (is_memory(result.type)) return result.passing == Passing::view ? "tally_view *" : "tally_blob *";
  return value_type(interface, result.type) + " *";
}

void add_values(Signature& signature, const Interface& interface, const std::vector<Parameter>& parameters,
                const Result* result) {
  for (const Parameter& parameter : parameters) add_in(signature.parameters, interface, parameter);
  if (result) signature.parameters.push_back({out_type(interface, *result), "out"});
}

Signature creator_signature(const Interface& interface, const Function& function) {
  Signature result{type_name(interface, *function.owner) + " *", {}};
  if (function.creator) {
    add_values(result, interface, function.parameters(), nullptr);
  } else {
    result.parameters = {{"const " + methods_name(interface, *function.owner) + " *", "methods"},
                         {"void *", "user"}};
  }
  result.parameters.push_back({"tally_error *", "error"});
  return result;
}

Signature call_signature(const Interface& interface, const Function& function) {
  Signature result{"tally_status", {}};
  if (function.method) {
    const std::string word = type_name(interface, *function.owner);
    result.parameters.push_back({function.consumes_self() ? word + " **" : "const " + word + " *", "self"});
  }
  add_values(result, interface, function.parameters(), function.result());
  return result;
}

Signature class_signature(const Interface& interface, const Function& function) {
  const std::string word = type_name(interface, *function.owner);
  const std::string handle = "const " + word + " *";
  switch (function.kind) {
    case FunctionKind::destroy:
    case FunctionKind::release:
      return {"tally_status", {{word + " *", "owner"}}};
    case FunctionKind::try_destroy:
      return {"tally_status", {{word + " **", "owner"}}};
    case FunctionKind::retain:
      return {word + " *", {{handle, "self"}, {"tally_error *", "error"}}};
    case FunctionKind::ref:
      return {handle, {{handle, "self"}}};
    case FunctionKind::same:
      return {"tally_bool", {{handle, "a"}, {handle, "b"}}};
    case FunctionKind::id:
      return {"uint64_t", {{handle, "self"}}};
    case FunctionKind::size:
      return {"tally_status", {{handle, "self"}, {"uint64_t *", "out"}}};
    case FunctionKind::at: {
      const std::string element = type_name(interface, interface.classes[function.owner->element]);
      return {"tally_status", {{handle, "self"}, {"uint64_t", "index"}, {"const " + element + " **", "out"}}};
    }
    default:
      return creator_signature(interface, function);
  }
}

}  // namespace

std::string value_type(const Interface& interface, const Type& type) {
  if (const auto* of_enum = std::get_if<EnumType>(&type))
    return enum_name(interface, interface.enums[of_enum->index]);
  return scalar_type(std::get<Scalar>(type));
}

std::string declare(std::string_view type, std::string_view name) {
  const bool is_pointer = type.ends_with('*');
  return std::string(type) + (is_pointer ? "" : " ") + std::string(name);
}

Signature signature(const Interface& interface, const Function& function) {
  if (function.kind == FunctionKind::call || function.kind == FunctionKind::static_call)
    return call_signature(interface, function);
  if (function.kind == FunctionKind::allocate)
    return {
        "tally_status",
        {{"uint64_t", "size"}, {"uint64_t", "alignment"}, {"tally_bool", "zeroed"}, {"tally_blob *", "out"}}};
  return class_signature(interface, function);
}

Signature signature(const Interface& interface, const Callback& callback) {
  Signature result{"tally_status", {{"void *", "user"}}};
  add_values(result, interface, callback.parameters, callback.result ? &*callback.result : nullptr);
  return result;
}

Signature host_signature(const Interface& interface, const Method& method) {
  Signature result{"tally_status", {{"void *", "user"}}};
  add_values(result, interface, method.parameters, method.result ? &*method.result : nullptr);
  return result;
}

std::vector<std::string> parameter_list(const Signature& signature) {
  std::vector<std::string> parts;
  for (const CParameter& each : signature.parameters) parts.push_back(declare(each.type, each.name));
  return parts.empty() ? std::vector<std::string>{"void"} : parts;
}

}  // namespace tally::generator::c
