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

std::string rows(const Interface& interface, const std::vector<Parameter>& parameters, const Result* result) {
  std::string rows;
  for (const Parameter& parameter : parameters) {
    const std::string value =
        parameter.default_value ? fmt::format(" = {}", default_text(interface, parameter)) : "";
    rows += fmt::format("| `{}` | `{}{}` | {} |\n", parameter.name,
                        type_text(interface, parameter.type, parameter.passing), cell(value),
                        cell(parameter.doc));
  }
  if (result)
    rows += fmt::format("| *result* | `{}` | {} |\n", type_text(interface, result->type, result->passing),
                        cell(result->doc));
  return rows.empty() ? "" : "\n| | type | meaning |\n| --- | --- | --- |\n" + rows;
}

std::string c_prototype(const std::string& declarator, const c::Signature& of) {
  return list(c::declare(of.returns, declarator) + "(", c::parameter_list(of), ");");
}

std::string c_prototype(const Interface& interface, const Function& function) {
  return c_prototype(c::function_name(interface, function), c::signature(interface, function));
}

struct Section {
  std::string name;
  std::string kind;  // in brackets behind it, if any
  Version since;
  std::string doc;
  std::string rows;
  std::string prototype;
};

std::string section(const Interface& interface, const Section& of) {
  return fill(R"(

### `${name}`${kind}${since}
${doc}
${rows}

```c
${prototype}
```
)",
              {{"name", of.name},
               {"kind", of.kind.empty() ? "" : " (" + of.kind + ")"},
               {"since", since(interface, of.since)},
               {"doc", paragraph(of.doc)},
               {"rows", of.rows},
               {"prototype", of.prototype}});
}

// What a reader has to know of a function beside its types.
std::string kind_of(const Function& function) {
  if (function.creator) return "creator";
  if (function.consumes_self()) return "consumes the object";
  return function.method && function.method->invalidates ? "refused while a view is open" : "";
}

std::string doc_of(const Function& function) {
  if (function.creator) return function.creator->doc;
  return function.method ? function.method->doc : function.static_function->doc;
}

std::string one_function(const Interface& interface, const Function& function) {
  return section(interface, {qualified_name(function), kind_of(function), function.since, doc_of(function),
                             rows(interface, function.parameters(), function.result()),
                             c_prototype(interface, function)});
}

// A method that the host implements has two faces: the slot that it fills in, and the function that calls it.
std::string one_host_method(const Interface& interface, const Function& function) {
  const Method& method = *function.method;
  return section(
      interface,
      {qualified_name(function), "the host implements it", function.since, method.doc,
       rows(interface, method.parameters, function.result()),
       c_prototype(fmt::format("(*{}.{})", c::methods_name(interface, *function.owner), method.name),
                   c::host_signature(interface, method)) +
           "\n" + c_prototype(interface, function)});
}

std::string callbacks(const Interface& interface) {
  std::string sections;
  for (const Callback& callback : interface.callbacks) {
    const Result* const result = callback.result ? &*callback.result : nullptr;
    sections +=
        section(interface, {callback.name, "", callback.since, callback.doc,
                            rows(interface, callback.parameters, result),
                            c_prototype(fmt::format("(*{}.call)", c::callback_name(interface, callback)),
                                        c::signature(interface, callback))});
  }
  if (sections.empty()) return "";
  return fill(R"(

## Callbacks

Functions of the host's that the module is given, and releases exactly once.
${sections}
)",
              {{"sections", sections}});
}

std::string functions(const Interface& interface) {
  std::string sections;
  std::string standard;
  for (const Function& function : functions_of(interface, nullptr)) {
    if (function.static_function)
      sections += one_function(interface, function);
    else
      standard += c_prototype(interface, function) + "\n";
  }
  if (sections.empty() && standard.empty()) return "";
  const std::string memory =
      standard.empty() ? "" : "\nMemory to fill and to give:\n\n```c\n" + standard + "```\n";
  return fill(R"(

## Functions that need no object
${memory}
${sections}
)",
              {{"memory", memory}, {"sections", sections}});
}

std::string cpp_types(const Interface& interface, const Class& owner) {
  const std::string name = interface.name + "::" + cpp::owner_name(owner);
  const std::string types = fmt::format("C++: `{0}`, which owns, and `{0}Ref`, which calls.", name);
  return owner.kind == ClassKind::host ? types + fmt::format(" The host derives from `{}Methods`.", name)
                                       : types;
}

std::string one_class(const Interface& interface, const Class& owner) {
  std::string functions;
  std::string standard;
  for (const Function& function : functions_of(interface, &owner)) {
    if (!function.creator && !function.method)
      standard += c_prototype(interface, function) + "\n";
    else if (owner.kind == ClassKind::host)
      functions += one_host_method(interface, function);
    else
      functions += one_function(interface, function);
  }
  return fill(R"(

## Class `${name}`${since}
${doc}

C: `${word}`. ${cpp} ${rules}

```c
${standard}
```
${functions}
)",
              {{"name", owner.name},
               {"since", since(interface, owner.since)},
               {"doc", paragraph(owner.doc)},
               {"word", c::type_name(interface, owner)},
               {"cpp", cpp_types(interface, owner)},
               {"rules", join(class_rules(interface, owner), " ")},
               {"standard", standard},
               {"functions", functions}});
}

}  // namespace

std::vector<Artefact> generate(const Interface& interface) {
  std::string body = errors(interface);
  for (const Enum& type : interface.enums) body += one_enum(interface, type);
  body += callbacks(interface) + functions(interface);
  for (const Class& owner : interface.classes) body += one_class(interface, owner);
  const std::string text = fill(R"(
# ${name} ${version}
${doc}

Generated by tallystick from the description of the interface. What `own`, `borrow` and `view`, tokens, handles and blobs
mean is the same in every interface: see Tallystick's own documentation.
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
