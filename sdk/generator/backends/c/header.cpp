// X.h: types, functions, and the table that a loaded module gives.
#include <fmt/format.h>

#include "generator/backends/c/backend.hpp"
#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/layout.hpp"
#include "generator/model/meaning.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::c {

using namespace model;

namespace {

std::string with_comment(const std::vector<std::string>& paragraphs, const std::string& declaration) {
  const std::string comment = block_comment(paragraphs);
  return comment.empty() ? declaration : comment + "\n" + declaration;
}

std::string errors(const Interface& interface) {
  if (interface.errors.empty()) return "";
  std::string values;
  for (const Error& error : interface.errors) {
    values +=
        with_comment({error.doc}, fmt::format("{} = {},\n", error_name(interface, error), error.status));
  }
  values.erase(values.rfind(','), 1);
  return fill(R"(
/* The interface's own errors, as a tally_status. */
enum {
  ${values}
};

)",
              {{"values", values}});
}

std::string one_enum(const Interface& interface, const Enum& type) {
  std::string values;
  for (const EnumValue& value : type.values) {
    values += with_comment({value.doc},
                           fmt::format("{} = {},\n", enum_value_name(interface, type, value), value.value));
  }
  values.erase(values.rfind(','), 1);
  return fill(
      R"(
${comment}
typedef int32_t ${name};
enum {
  ${values}
};

)",
      {{"comment", block_comment({type.doc})}, {"name", enum_name(interface, type)}, {"values", values}});
}

std::string enums(const Interface& interface) {
  std::string text;
  for (const Enum& type : interface.enums) text += one_enum(interface, type);
  return text;
}

std::string types(const Interface& interface) {
  std::string text;
  for (const Class& owner : interface.classes)
    text += fmt::format("typedef struct {0} {0};\n", type_name(interface, owner));
  return text;
}

// What the four functions that every class has promise.
std::vector<std::string> standard_contract(const Interface& interface, const Function& function) {
  const std::string word = type_name(interface, *function.owner);
  switch (function.kind) {
    case FunctionKind::destroy:
      return {fmt::format(
          "Gives the object back. Takes the token only; a null is a no-op. It always succeeds with a valid "
          "token: "
          "TALLY_OK, or TALLY_DEFERRED if the destructor has to run later. Misuse: TALLY_ALREADY_DESTROYED, "
          "TALLY_NOT_OWNER (a handle), TALLY_WRONG_CLASS, TALLY_WRONG_PAIR, TALLY_WRONG_MODULE, "
          "TALLY_NEVER_ISSUED.")};
    case FunctionKind::try_destroy:
      return {
          "Gives the object back if its destructor can run at once, and then sets *owner to null; otherwise "
          "refuses, and "
          "nothing has changed: TALLY_BORROWED (a call is inside it, or a view of it is open), "
          "TALLY_HAS_CHILDREN, TALLY_WRONG_THREAD; misuse as with destroy."};
    case FunctionKind::ref:
      return {
          "The handle of a token or a handle, to keep for longer: it stays good until the object is "
          "destroyed, whoever owns "
          "it then. Null, and the last error, if the object is gone."};
    case FunctionKind::same:
      return {"Whether two words name one object. Words are never compared with ==."};
    case FunctionKind::id:
      return {"A key for the object that a word names, to hash and sort by; 0 for a token that is spent."};
    default:
      return {};
  }
}

std::vector<std::string> function_contract(const Interface& interface, const Function& function) {
  std::vector<std::string> paragraphs = standard_contract(interface, function);
  if (!paragraphs.empty()) return paragraphs;
  paragraphs = contract(interface, function);
  if (function.creator) {
    paragraphs.push_back(fmt::format(
        "Returns the token: yours, give it back with {}_destroy. Null on failure; the reason is in "
        "*error (may be null) and in the last error.",
        type_name(interface, *function.owner)));
  }
  return paragraphs;
}

std::string attributes(const Interface& interface, const Function& function) {
  if (!function.creator) return "";
  return fmt::format("\n    TALLY_NODISCARD TALLY_PAIRED_WITH({}_destroy)",
                     type_name(interface, *function.owner));
}

std::string prototype(const Interface& interface, const Function& function) {
  const Signature of = signature(interface, function);
  return list(declare(of.returns, "TALLY_CALL " + function_name(interface, function)) + "(",
              parameter_list(of), ")" + attributes(interface, function) + ";\n");
}

// A number as C writes it, of the parameter's own type and whole wherever the macro stands.
std::string number(Scalar type, const std::string& text) {
  if (text == "-9223372036854775808") return "INT64_MIN";
  if (text == "-2147483648") return "INT32_MIN";
  const bool is_whole = text.find_first_of(".e") == std::string::npos;
  std::string value = text;
  if (type == Scalar::i64) value = "INT64_C(" + text + ")";
  if (type == Scalar::u32) value = "UINT32_C(" + text + ")";
  if (type == Scalar::u64) value = "UINT64_C(" + text + ")";
  if (type == Scalar::f32) value = text + (is_whole ? ".0f" : "f");
  if (type == Scalar::f64 && is_whole) value = text + ".0";
  return value.starts_with('-') ? "(" + value + ")" : value;
}

std::string default_value(const Interface& interface, const Parameter& parameter) {
  if (const auto* flag = std::get_if<bool>(&*parameter.default_value)) return *flag ? "1" : "0";
  if (const auto* type = std::get_if<EnumType>(&parameter.type)) {
    const Enum& of = interface.enums[type->index];
    return enum_value_name(interface, of, of.values[std::get<EnumDefault>(*parameter.default_value).value]);
  }
  if (const auto* text = std::get_if<std::string>(&*parameter.default_value)) return string_literal(*text);
  const std::string text = default_text(interface, parameter);
  const auto* scalar = std::get_if<Scalar>(&parameter.type);
  return scalar ? number(*scalar, text) : text;
}

std::string defaults(const Interface& interface, const Function& function) {
  std::string text;
  for (const Parameter& parameter : function.parameters()) {
    if (!parameter.default_value) continue;
    text += fmt::format("#define {} {}\n", default_name(interface, function, parameter),
                        default_value(interface, parameter));
  }
  return text;
}

std::string class_section(const Interface& interface, const Class& owner) {
  std::string functions;
  for (const Function& function : functions_of(interface, &owner)) {
    functions += "\n" + with_comment(function_contract(interface, function), prototype(interface, function)) +
                 defaults(interface, function);
  }
  return fill(R"(
/* ---- ${name} ---- */

${comment}
${functions}

)",
              {{"name", owner.name},
               {"comment", block_comment({owner.doc, thread_rule(owner)})},
               {"functions", functions}});
}

std::string table(const Interface& interface) {
  std::string slots;
  std::string frozen;
  std::size_t offset = 8;
  Version since = {interface.version.major, 0};
  for (const Function& function : functions_in_table_order(interface)) {
    if (function.since != since)
      slots += fmt::format("/* since {} */\n", version_text(since = function.since));
    const Signature of = signature(interface, function);
    const std::string pointer = fmt::format("(TALLY_CALL *{})(", slot_name(function));
    slots += list(declare(of.returns, pointer), parameter_list(of), ");\n", 2);
    frozen += fmt::format("TALLY_STATIC_ASSERT(offsetof({}, {}) == {}, \"slots never move\");\n",
                          api_name(interface), slot_name(function), offset);
    offset += 8;
  }
  return fill(R"(
/* ---- The table that a module gives ----

   A function is there if TALLY_HAS(${api}, api, slot); one that an older module lacks answers
   TALLY_NOT_SUPPORTED. The functions are those above, with the same contracts. */
typedef struct ${api} {
  tally_table_header header;
  ${slots}
} ${api};

${frozen}

)",
              {{"api", api_name(interface)}, {"slots", slots}, {"frozen", frozen}});
}

std::string missing_body(const Interface& interface, const Function& function, const Signature& of) {
  std::string body;
  for (const CParameter& each : of.parameters) {
    if (each.name != "error") body += fmt::format("(void){};\n", each.name);
  }
  const std::string refusal =
      fmt::format("tally_not_supported(\"{}\", \"{}\", {})", function_name(interface, function),
                  version_text(function.since), function.creator ? "error" : "TALLY_NULL");
  if (of.returns == "tally_status") return body + fmt::format("return {};\n", refusal);
  return body + fmt::format("{};\nreturn {};\n", refusal, of.returns.ends_with('*') ? "TALLY_NULL" : "0");
}

std::string missing_name(const Interface& interface, const Function& function) {
  return interface.name + "_missing_" + slot_name(function);
}

// Functions that came with a later minor, as an older module's table is filled with.
std::string missing(const Interface& interface) {
  std::string text;
  for (const Function& function : functions_in_table_order(interface)) {
    if (is_in_first_minor(interface, function)) continue;
    const Signature of = signature(interface, function);
    const std::string name = declare(of.returns, "TALLY_CALL " + missing_name(interface, function));
    text += fill(R"(
${declaration} {
  ${body}
}
)",
                 {{"declaration", list("static inline " + name + "(", parameter_list(of), ")")},
                  {"body", missing_body(interface, function, of)}});
  }
  return text.empty() ? ""
                      : "/* What the table answers where an older module has nothing. */\n" + text + "\n";
}

// Names and hashes, as the initialisers of an array of tally_function.
std::string function_list(const Interface& interface) {
  std::vector<std::string> lines;
  for (const Function& function : functions_in_table_order(interface)) {
    lines.push_back(fmt::format("{{\"{}\", UINT64_C(0x{})}}", qualified_name(function),
                                hash_text(hash(meaning(interface, function)))));
  }
  return join(lines, ", \\\n");
}

std::string own_table(const Interface& interface) {
  std::vector<std::string> slots;
  for (const Function& function : functions_in_table_order(interface)) {
    slots.push_back(is_in_first_minor(interface, function) ? "TALLY_NULL"
                                                           : missing_name(interface, function));
  }
  return join(wrap(join(slots, ", "), 96), "\n");
}

// The file.
constexpr std::string_view kHeader = R"(
${comment}
#ifndef ${guard}_H
#define ${guard}_H

#include "tally/tally.h"

TALLY_EXTERN_C_BEGIN

#define ${guard}_VERSION_MAJOR ${major}
#define ${guard}_VERSION_MINOR ${minor}

/* A token (X *) proves ownership of one object; a handle (const X *) is a right to call it. A token can be
   used wherever a handle is wanted. Neither is an address. */
${types}

${errors}
${enums}
${classes}
${table}
/* The functions in the order of the table, with the hashes of their meanings: what is compared when a module is
   loaded. */
#define ${guard}_FUNCTIONS \
  ${functions}

${missing}
/* The table of a loaded module, for as long as it is loaded. Null on failure, with the reason in *error (may
   be null): TALLY_NOT_SUPPORTED (the module has no such interface), TALLY_VERSION_MISMATCH (another major, or a
   changed function). */
static inline const ${name}_api *${name}_api_of(tally_module *module, tally_error *error) {
  static const tally_function functions[] = {${guard}_FUNCTIONS};
  static const ${name}_api table = {
      {sizeof(${name}_api), ${guard}_VERSION_MAJOR, ${guard}_VERSION_MINOR},
      ${slots}};
  static const tally_interface own = {sizeof(tally_interface), ${count}, "${name}", &table.header, functions};
  return TALLY_TABLE_OF(${name}_api, tally_module_table(module, &own, error));
}

/* The table of the module that the program is linked to. */
const ${name}_api *TALLY_CALL ${name}_linked_api(void);

TALLY_EXTERN_C_END

#endif
)";

}  // namespace

std::vector<Artefact> generate(const Interface& interface) {
  std::string classes;
  for (const Class& owner : interface.classes) classes += class_section(interface, owner);
  const std::string title = fmt::format("{} {}", interface.name, version_text(interface.version));
  const std::string text =
      fill(kHeader,
           {{"comment",
             block_comment({title + (interface.doc.empty() ? "" : ": " + interface.doc), "\n",
                            "Generated by tallystick from the description of the interface; do not edit."})},
            {"guard", upper_case(interface.name)},
            {"name", interface.name},
            {"major", std::to_string(interface.version.major)},
            {"minor", std::to_string(interface.version.minor)},
            {"types", types(interface)},
            {"errors", errors(interface)},
            {"enums", enums(interface)},
            {"classes", classes},
            {"table", table(interface)},
            {"missing", missing(interface)},
            {"slots", own_table(interface)},
            {"functions", function_list(interface)},
            {"count", std::to_string(functions_in_table_order(interface).size())}});
  return {{interface.name + ".h", text}};
}

}  // namespace tally::generator::c
