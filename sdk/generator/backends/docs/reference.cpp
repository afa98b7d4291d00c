// X.md: what an interface offers, once, with what each thing is called in C and in C++.
#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/cpp/naming.hpp"
#include "generator/backends/docs/backend.hpp"
#include "generator/backends/layout.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::docs {

using namespace model;

namespace {

// In a cell of a table.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("|\n", at)) != std::string::npos; at += 2) {
    text.replace(at, 1, text[at] == '|' ? "\\|" : " ");
  }
  return text;
}

std::string paragraph(const std::string& text) {
  return text.empty() ? "" : "\n" + text + "\n";
}

std::string since(const Interface& interface, Version version) {
  return version == Version{interface.version.major, 0} ? "" : " *(since " + c::version_text(version) + ")*";
}

std::string errors(const Interface& interface) {
  if (interface.errors.empty()) return "";
  std::string rows;
  for (const Error& error : interface.errors) {
    rows += fmt::format("| `{}`{} | `{}` ({}) | `{}::{}` | {} |\n", error.name, since(interface, error.since),
                        c::error_name(interface, error), error.status, interface.name, cpp::error_name(error),
                        cell(error.doc));
  }
  return fill(R"(

## Errors

| error | C | C++ | meaning |
| --- | --- | --- | --- |
${rows}
)",
              {{"rows", rows}});
}

std::string one_enum(const Interface& interface, const Enum& type) {
  std::string rows;
  for (const EnumValue& value : type.values) {
    rows += fmt::format("| `{}`{} | `{}` ({}) | `{}::{}` | {} |\n", value.name, since(interface, value.since),
                        c::enum_value_name(interface, type, value), value.value, cpp::enum_name(type),
                        value.name, cell(value.doc));
  }
  return fill(R"(

## Enum `${name}`${since}
${doc}

| value | C | C++ | meaning |
| --- | --- | --- | --- |
${rows}
)",
              {{"name", type.name},
               {"since", since(interface, type.since)},
               {"doc", paragraph(type.doc)},
               {"rows", rows}});
}

std::string parameter_rows(const Interface& interface, const Function& function) {
  std::string rows;
  for (const Parameter& parameter : function.parameters()) {
    const std::string value =
        parameter.default_value ? fmt::format(" = {}", default_text(interface, parameter)) : "";
    rows += fmt::format("| `{}` | `{}{}` | {} |\n", parameter.name,
                        type_text(interface, parameter.type, parameter.passing), cell(value),
                        cell(parameter.doc));
  }
  if (function.method && function.method->result) {
    const Result& result = *function.method->result;
    rows += fmt::format("| *result* | `{}` | {} |\n", type_text(interface, result.type, result.passing),
                        cell(result.doc));
  }
  return rows.empty() ? "" : "\n| | type | meaning |\n| --- | --- | --- |\n" + rows;
}

std::string c_prototype(const Interface& interface, const Function& function) {
  const c::Signature of = c::signature(interface, function);
  return list(c::declare(of.returns, c::function_name(interface, function)) + "(", c::parameter_list(of),
              ");");
}

std::string one_function(const Interface& interface, const Function& function) {
  const std::string kind = function.creator                 ? "creator"
                           : function.method->consumes_self ? "consumes the object"
                                                            : "";
  const std::string doc = function.creator ? function.creator->doc : function.method->doc;
  return fill(R"(

### `${name}`${kind}${since}
${doc}
${rows}

```c
${prototype}
```
)",
              {{"name", qualified_name(function)},
               {"kind", kind.empty() ? "" : " (" + kind + ")"},
               {"since", since(interface, function.since)},
               {"doc", paragraph(doc)},
               {"rows", parameter_rows(interface, function)},
               {"prototype", c_prototype(interface, function)}});
}

std::string one_class(const Interface& interface, const Class& owner) {
  std::string functions;
  std::string standard;
  for (const Function& function : functions_of(interface, &owner)) {
    if (function.creator || function.method) {
      functions += one_function(interface, function);
    } else {
      standard += c_prototype(interface, function) + "\n";
    }
  }
  return fill(R"(

## Class `${name}`${since}
${doc}

C: `${word}`. C++: `${interface}::${owner}`, which owns, and `${interface}::${owner}Ref`, which calls. ${threads}

```c
${standard}
```
${functions}
)",
              {{"name", owner.name},
               {"since", since(interface, owner.since)},
               {"doc", paragraph(owner.doc)},
               {"word", c::type_name(interface, owner)},
               {"interface", interface.name},
               {"owner", cpp::owner_name(owner)},
               {"threads", thread_rule(owner)},
               {"standard", standard},
               {"functions", functions}});
}

}  // namespace

std::vector<Artefact> generate(const Interface& interface) {
  std::string body = errors(interface);
  for (const Enum& type : interface.enums) body += one_enum(interface, type);
  for (const Class& owner : interface.classes) body += one_class(interface, owner);
  const std::string text = fill(R"(
# ${name} ${version}
${doc}

Generated by tallystick from the description of the interface. What `own` and `borrow`, tokens, handles and blobs mean is the
same in every interface: see Tallystick's own documentation.
${body}
)",
                                {{"name", interface.name},
                                 {"version", c::version_text(interface.version)},
                                 {"doc", paragraph(interface.doc)},
                                 {"body", body}});
  return {{interface.name + ".md", text}};
}

std::vector<Symbol> symbols(const Interface&) {
  return {};
}

}  // namespace tally::generator::docs
