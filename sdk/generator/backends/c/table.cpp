// See table.hpp.
#include "generator/backends/c/table.hpp"

#include <fmt/format.h>

#include "generator/backends/c/functions.hpp"
#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/layout.hpp"
#include "generator/model/meaning.hpp"
#include "generator/model/numbers.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::c {

using namespace model;

namespace {

std::string missing_body(const Interface& interface, const Function& function, const Signature& of) {
  std::string body;
  for (const CParameter& each : of.parameters) {
    if (each.type != "tally_error *") body += fmt::format("(void){};\n", each.name);
  }
  const std::string refusal =
      fmt::format("tally_not_supported(\"{}\", \"{}\", {})", function_name(interface, function),
                  version_text(function.since), returns_token(function) ? "error" : "TALLY_NULL");
  if (of.returns == "tally_status") return body + fmt::format("return {};\n", refusal);
  return body + fmt::format("{};\nreturn {};\n", refusal, of.returns.ends_with('*') ? "TALLY_NULL" : "0");
}

std::string missing_name(const Interface& interface, const Function& function) {
  return interface.name + "_missing_" + slot_name(function);
}

}  // namespace

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

std::string number_list(const Interface& interface) {
  std::vector<std::string> lines;
  for (const Number& number : numbers(interface))
    lines.push_back(fmt::format("{{\"{}\", {}}}", number.name, number.value));
  return lines.empty() ? ""
                       : fill(R"(
/* The numbers of errors and of enums' values, which are compared too. */
#define ${guard}_NUMBERS \
  ${lines}

)",
                              {{"guard", upper_case(interface.name)}, {"lines", join(lines, ", \\\n")}});
}

std::string own_table(const Interface& interface) {
  std::vector<std::string> slots;
  for (const Function& function : functions_in_table_order(interface)) {
    slots.push_back(is_in_first_minor(interface, function) ? "TALLY_NULL"
                                                           : missing_name(interface, function));
  }
  return join(wrap(join(slots, ", "), 96), "\n");
}

}  // namespace tally::generator::c
