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

void add_in(std::vector<CParameter>& out, const Interface& interface, const Parameter& parameter) {
  if (std::holds_alternative<Text>(parameter.type) || std::holds_alternative<Bytes>(parameter.type)) {
    const bool is_text = std::holds_alternative<Text>(parameter.type);
    out.push_back({is_text ? "const char *" : "const uint8_t *", parameter.name, &parameter});
    out.push_back({"size_t", parameter.name + "_size", &parameter});
  } else if (const auto* type = std::get_if<ClassType>(&parameter.type)) {
    const std::string name = type_name(interface, interface.classes[type->index]);
    out.push_back({parameter.passing == Passing::own ? name + " **" : "const " + name + " *", parameter.name,
                   &parameter});
  } else {
    out.push_back({value_type(interface, parameter.type), parameter.name, &parameter});
  }
}

std::string out_type(const Interface& interface, const Result& result) {
  if (const auto* type = std::get_if<ClassType>(&result.type)) {
    return type_name(interface, interface.classes[type->index]) + " **";
  }
  const bool is_memory =
      std::holds_alternative<Text>(result.type) || std::holds_alternative<Bytes>(result.type);
  return is_memory ? "tally_blob *" : value_type(interface, result.type) + " *";
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
  const std::string word = type_name(interface, *function.owner);
  const std::string handle = "const " + word + " *";
  switch (function.kind) {
    case FunctionKind::destroy:
      return {"tally_status", {{word + " *", "owner"}}};
    case FunctionKind::ref:
      return {handle, {{handle, "self"}}};
    case FunctionKind::same:
      return {"tally_bool", {{handle, "a"}, {handle, "b"}}};
    case FunctionKind::id:
      return {"uint64_t", {{handle, "self"}}};
    case FunctionKind::create: {
      Signature result{word + " *", {}};
      for (const Parameter& parameter : function.parameters())
        add_in(result.parameters, interface, parameter);
      result.parameters.push_back({"tally_error *", "error"});
      return result;
    }
    case FunctionKind::call:
      break;
  }
  Signature result{"tally_status", {{function.method->consumes_self ? word + " **" : handle, "self"}}};
  for (const Parameter& parameter : function.parameters()) add_in(result.parameters, interface, parameter);
  if (function.method->result)
    result.parameters.push_back({out_type(interface, *function.method->result), "out"});
  return result;
}

std::vector<std::string> parameter_list(const Signature& signature) {
  std::vector<std::string> parts;
  for (const CParameter& each : signature.parameters) parts.push_back(declare(each.type, each.name));
  return parts.empty() ? std::vector<std::string>{"void"} : parts;
}

}  // namespace tally::generator::c
