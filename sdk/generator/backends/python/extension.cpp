// X_python.cpp: the extension module X, with one heap type for each class.
#include <fmt/format.h>

#include <algorithm>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/python/backend.hpp"
#include "generator/backends/python/functions.hpp"
#include "generator/backends/python/kept.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::python {

using namespace model;

namespace {

// Adjacent literals, one to a line of the text.
std::string literal(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(generator::string_literal(text.substr(0, end == std::string_view::npos ? end : end + 1)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines.empty() ? "\"\"" : join(lines, "\n");
}

std::string with_signature(const Interface& interface, const Function& function, const std::string& name,
                           const std::string& doc) {
  return literal(name + "(" + text_signature(interface, function) + ")\n--\n\n" + doc);
}

std::string method_entry(const Interface& interface, const Function& function) {
  return fill(R"(
tp::method("${name}", ${function},
           ${doc}${flags}),
)",
              {{"name", std::string(function.name)},
               {"function", cpp_name(function)},
               {"doc", with_signature(interface, function, std::string(function.name),
                                      docstring(interface, function))},
               {"flags", function.creator ? ",\n           METH_CLASS" : ""}});
}

bool is_made(const Class& owner) {
  return owner.kind == ClassKind::host ||
         std::ranges::any_of(owner.creators, [](const Creator& creator) { return creator.name == "create"; });
}

std::string try_destroy(const Interface& interface, const Class& owner) {
  if (owner.kind == ClassKind::counted) return "nullptr";
  return fill(
      R"(
[](const void* api_, void** token_) {
  auto* word_ = static_cast<${word}*>(*token_);
  const tally_status status_ = static_cast<const ${api}*>(api_)->${plain}_try_destroy(&word_);
  *token_ = word_;
  return status_;
})",
      {{"plain", owner.name}, {"api", c::api_name(interface)}, {"word", c::type_name(interface, owner)}});
}

std::string elements_constant(const Interface& interface, const Class& array) {
  if (array.kind != ClassKind::array) return "";
  return fill(R"(

constexpr tp::Elements k${class}_elements_ = {
    &types_.${element}, &k${element}_,
    [](const void* api_, const void* array_, std::uint64_t* out_) {
      return static_cast<const ${api}*>(api_)->${plain}_size(static_cast<const ${word}*>(array_), out_);
    },
    [](const void* api_, const void* array_, std::uint64_t index_, const void** out_) {
      const ${element_word}* element_ = nullptr;
      const tally_status status_ =
          static_cast<const ${api}*>(api_)->${plain}_at(static_cast<const ${word}*>(array_), index_, &element_);
      *out_ = element_;
      return status_;
    }};
)",
              {{"class", class_name(array)},
               {"plain", array.name},
               {"api", c::api_name(interface)},
               {"word", c::type_name(interface, array)},
               {"element", class_name(interface.classes[array.element])},
               {"element_word", c::type_name(interface, interface.classes[array.element])}});
}

std::string class_constant(const Interface& interface, const Class& owner) {
  return elements_constant(interface, owner) +
         fill(R"(

constexpr tp::Class k${class}_ = {
    "${interface}.${class}", "${interface}", "${plain}",
    [](const void* api_, void* token_) {
      return static_cast<const ${api}*>(api_)->${plain}_${end}(static_cast<${word}*>(token_));
    },
    ${try_destroy},
    [](const void* api_, const void* word_) -> const void* {
      return static_cast<const ${api}*>(api_)->${plain}_ref(static_cast<const ${word}*>(word_));
    },
    ${elements},
    ${ends_with_parent}};
)",
              {{"interface", interface.name},
               {"plain", owner.name},
               {"class", class_name(owner)},
               {"api", c::api_name(interface)},
               {"word", c::type_name(interface, owner)},
               {"end", owner.kind == ClassKind::counted ? "release" : "destroy"},
               {"try_destroy", try_destroy(interface, owner)},
               {"elements",
                owner.kind == ClassKind::array ? "&k" + class_name(owner) + "_elements_" : "nullptr"},
               {"ends_with_parent",
                owner.parent && owner.parent->ends == ParentEnds::cascade ? "true" : "false"}});
}

// The constructor of a host's class comes last: it hands out the table of what C calls.
std::string definitions(const Interface& interface, const Kept& kept, const Class& owner) {
  const bool is_host = owner.kind == ClassKind::host;
  std::string text;
  std::string last;
  for (const Function& function : functions_of(interface, &owner)) {
    if (!is_offered(function)) continue;
    (is_host && function.kind == FunctionKind::create ? last : text) += definition(interface, kept, function);
  }
  return text + (is_host ? implementation(interface, owner) : "") + last;
}

std::string one_class(const Interface& interface, const Kept& kept, const Class& owner) {
  std::string entries;
  for (const Function& function : functions_of(interface, &owner))
    if (is_offered(function) && !is_constructor(function)) entries += method_entry(interface, function);
  if (owner.kind != ClassKind::counted)
    entries += "tp::method(\"try_close\", tp::try_close, tp::kTryCloseDoc),\n";
  return fill(R"(

// ---- ${plain} ----
${definitions}

PyMethodDef ${class}_methods_[] = {
    ${entries}
    {nullptr, nullptr, 0, nullptr}};
)",
              {{"plain", owner.name},
               {"class", class_name(owner)},
               {"definitions", definitions(interface, kept, owner)},
               {"entries", entries}});
}

// The table's own function that allocates, for what methods of the host's return.
std::string allocate_of(const Interface& interface) {
  const auto gives_memory = [](const Method& method) {
    return method.result && (std::holds_alternative<Text>(method.result->type) ||
                             std::holds_alternative<Bytes>(method.result->type));
  };
  const bool is_needed = std::ranges::any_of(interface.classes, [&](const Class& owner) {
    return owner.kind == ClassKind::host && std::ranges::any_of(owner.methods, gives_memory);
  });
  if (!is_needed) return "";
  return fill(R"(

auto allocate_of(const tally_table_header* api_) { return reinterpret_cast<const ${api}*>(api_)->allocate; }
)",
              {{"api", c::api_name(interface)}});
}

std::string callbacks(const Interface& interface) {
  std::string text;
  for (const Callback& callback : interface.callbacks) text += definition(interface, callback);
  return text.empty() ? "" : "\n// ---- callbacks ----\n" + text;
}

std::string functions(const Interface& interface, const Kept& kept) {
  std::string text;
  std::string entries;
  for (const Function& function : functions_of(interface, nullptr)) {
    text += definition(interface, kept, function);
    entries += method_entry(interface, function);
  }
  if (text.empty()) return "";
  return fill(R"(

// ---- functions ----
${definitions}

PyMethodDef functions_[] = {
    ${entries}
    {nullptr, nullptr, 0, nullptr}};
)",
              {{"definitions", text}, {"entries", entries}});
}

std::string type_members(const Interface& interface) {
  std::string text;
  for (const Class& owner : interface.classes) text += fmt::format("PyTypeObject* {};\n", class_name(owner));
  for (const Enum& type : interface.enums)
    text +=
        fmt::format("tp::EnumClass {0}{{\"{1}.{0}\", nullptr, nullptr}};\n", enum_name(type), interface.name);
  return text;
}

std::string errors(const Interface& interface) {
  if (interface.errors.empty()) {
    return R"(
PyObject* raise_(tally_status status) { return tp::core->raise(status, nullptr, 0); }
)";
  }
  std::vector<std::string> rows;
  for (const Error& error : interface.errors)
    rows.push_back(fmt::format("{{{}, nullptr}}", c::error_name(interface, error)));
  return fill(R"(

tp::ErrorClass errors_[] = {
    ${rows}};

PyObject* raise_(tally_status status) { return tp::raise(status, errors_); }
)",
              {{"rows", join(rows, ",\n")}});
}

std::string add_errors(const Interface& interface) {
  std::string text;
  for (std::size_t i = 0; i < interface.errors.size(); ++i) {
    const Error& error = interface.errors[i];
    text += fill(R"(
errors_[${index}].type = tp::add_error(
    module_, "${class}",
    tp::core->make_error("${interface}.${class}",
                         ${doc},
                         ${status}, "${plain}"));
)",
                 {{"index", std::to_string(i)},
                  {"class", error_name(error)},
                  {"interface", interface.name},
                  {"doc", literal(join(wrap(error.doc, 88), "\n"))},
                  {"status", c::error_name(interface, error)},
                  {"plain", error.name}});
  }
  return text;
}

std::string enum_doc(const Enum& type) {
  std::string text = join(wrap(type.doc, 88), "\n");
  std::string members;
  for (const EnumValue& value : type.values)
    if (!value.doc.empty()) members += "\n" + join(wrap(member_name(value) + ": " + value.doc, 88), "\n    ");
  return members.empty() ? text : text + (text.empty() ? "" : "\n") + members;
}

std::string add_enums(const Interface& interface) {
  std::string text;
  for (const Enum& type : interface.enums) {
    std::vector<std::string> members;
    for (const EnumValue& value : type.values)
      members.push_back(
          fmt::format("{{\"{}\", {}}}", member_name(value), c::enum_value_name(interface, type, value)));
    text += fill(
        R"(
constexpr tp::EnumMember ${class}_members[] = {
    ${members}};
tp::add_enum(module_, "${class}",
             ${doc},
             ${class}_members, types_.${class});
)",
        {{"class", enum_name(type)}, {"members", join(members, ",\n")}, {"doc", literal(enum_doc(type))}});
  }
  return text;
}

std::string class_doc(const Interface& interface, const Class& owner) {
  std::string doc = docstring(interface, owner);
  for (const Function& function : functions_of(interface, &owner)) {
    if (!is_constructor(function)) continue;
    const std::string more = docstring(interface, function);
    if (!more.empty()) doc += (doc.empty() ? "" : "\n\n") + more;
    return with_signature(interface, function, class_name(owner), doc);
  }
  return literal(doc);
}

std::string traits(const Kept& kept, const Class& owner) {
  if (owner.kind == ClassKind::array)
    return kept.is_reported_by(owner) ? "tp::kIsArray | tp::kHoldsCallables" : "tp::kIsArray";
  return kept.is_reported_by(owner) ? "tp::kHoldsCallables" : "tp::kPlain";
}

std::string add_classes(const Interface& interface, const Kept& kept) {
  std::string text;
  for (const Class& owner : interface.classes) {
    const std::string name = class_name(owner);
    text += fill(R"(
types_.${class} = tp::add_type(
    module_, "${class}",
    tp::core->make_type(tp::core->object, "${interface}.${class}",
                        ${doc},
                        ${class}_methods_, ${make}, ${call}, ${traits}));
)",
                 {{"class", name},
                  {"interface", interface.name},
                  {"doc", class_doc(interface, owner)},
                  {"make", is_made(owner) ? name + "_new" : "nullptr"},
                  {"call", is_made(owner) ? name + "_call" : "nullptr"},
                  {"traits", traits(kept, owner)}});
  }
  return text;
}

// The file.
constexpr std::string_view kExtension = R"(
// ${name} ${version} for Python: the extension module `${name}`.
//
// Generated by tallystick from the description of the interface; do not edit.
//
// Every class is a heap type whose methods call the module's table of functions; what they share is in tallystick._core.
#include "${name}.h"
#include "tally/python/extension.hpp"

namespace {

namespace tp = tally::python;

// What the module owns from its import on. Plain pointers: nothing runs when the process ends.
struct Types {
  PyTypeObject* Module;
  ${type_members}
};

Types types_;
${errors}

// ---- Module ----

PyObject* Module_load(PyObject* type_, PyObject* path_) {
  return tp::core->load(reinterpret_cast<PyTypeObject*>(type_), path_,
                        [](tally_module* module_, tally_error* error_) {
                          const ${api}* const table_ = ${name}_api_of(module_, error_);
                          return table_ ? &table_->header : nullptr;
                        });
}

PyMethodDef Module_methods_[] = {
    tp::method_of_one("load", Module_load,
                      "load($cls, path, /)\n"
                      "--\n"
                      "\n"
                      "Loads a module that has the interface ${name}, from a path. Raises tallystick.Error, which names\n"
                      "the file and what is wrong with it.",
                      METH_CLASS),
    {nullptr, nullptr, 0, nullptr}};
${classes}

}  // namespace

PYBIND11_MODULE(${name}, module_) {
  tp::import_core();
  module_.doc() =
      ${doc};
  module_.attr("INTERFACE") = "${name}";
  module_.attr("INTERFACE_VERSION") = pybind11::make_tuple(${major}, ${minor});
  ${add_errors}
  ${add_enums}
  types_.Module = tp::add_type(
      module_, "Module",
      tp::core->make_type(tp::core->module, "${name}.Module",
                          "A loaded module that has the interface ${name}: Module.load(path).",
                          Module_methods_, nullptr, nullptr, tp::kPlain));
  ${add_classes}
  ${add_functions}
}
)";

}  // namespace

Artefact extension(const Interface& interface) {
  const Kept kept(interface);
  std::string classes;
  for (const Class& owner : interface.classes) classes += class_constant(interface, owner);
  classes += allocate_of(interface) + callbacks(interface);
  for (const Class& owner : interface.classes) classes += one_class(interface, kept, owner);
  classes += functions(interface, kept);
  const std::string text =
      fill(kExtension,
           {{"name", interface.name},
            {"version", c::version_text(interface.version)},
            {"type_members", type_members(interface)},
            {"errors", errors(interface)},
            {"api", c::api_name(interface)},
            {"classes", classes},
            {"doc", literal(join(wrap(interface.doc.empty() ? interface.name : interface.doc, 88), "\n"))},
            {"major", std::to_string(interface.version.major)},
            {"minor", std::to_string(interface.version.minor)},
            {"add_errors", add_errors(interface)},
            {"add_enums", add_enums(interface)},
            {"add_classes", add_classes(interface, kept)},
            {"add_functions",
             functions_of(interface, nullptr).empty() ? "" : "tp::add_functions(module_, functions_);"}});
  return {interface.name + "_python.cpp", text};
}

std::vector<Artefact> generate(const Interface& interface) {
  return {extension(interface), casters(interface), stub(interface)};
}

}  // namespace tally::generator::python
