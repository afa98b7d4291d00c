// See naming.hpp.
#include "generator/backends/python/naming.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::python {

using namespace model;

namespace {

constexpr std::size_t kDocWidth = 88;

bool has_parameter(const Function& function, std::string_view name) {
  return std::ranges::find(function.parameters(), name, &Parameter::name) != function.parameters().end();
}

bool is_memory(const Type& type) {
  return std::holds_alternative<Text>(type) || std::holds_alternative<Bytes>(type);
}

std::string sentences(const std::string& doc, const std::string& more) {
  if (doc.empty() || more.empty()) return doc + more;
  const bool is_ended = doc.ends_with('.') || doc.ends_with('!') || doc.ends_with('?') || doc.ends_with(':');
  return doc + (is_ended ? " " : ". ") + more;
}

std::string about(const Parameter& parameter) {
  if (std::holds_alternative<CallbackType>(parameter.type)) {
    return sentences(
        parameter.doc,
        "Kept until the module lets go of it. An exception in it fails the call under way, which raises "
        "it again.");
  }
  if (parameter.passing != Passing::own) return parameter.doc;
  return sentences(
      parameter.doc,
      is_memory(parameter.type)
          ? "Given: a tallystick.Blob goes as it is, and is closed once the call has succeeded; anything "
            "else is copied once."
          : "Taken: closed once the call has succeeded.");
}

std::string about(const Result& result) {
  if (result.passing == Passing::view) {
    return sentences(result.doc,
                     "A view: not copied; the object changes and ends only when the view has been closed.");
  }
  return sentences(result.doc, std::holds_alternative<Bytes>(result.type) ? "Not copied." : "");
}

// What a function does, in the description's words or, where it has none, in ours.
std::string doc_of(const Function& function) {
  if (function.creator) return function.creator->doc;
  if (function.method) return function.method->doc;
  if (function.static_function) return function.static_function->doc;
  if (function.kind == FunctionKind::retain)
    return "One more reference to the object, with an owner of its own: the object lives until all are "
           "closed.";
  if (function.kind == FunctionKind::allocate)
    return "Memory of the module's, to fill through its buffer and to give to a call. `alignment`: 0, or a "
           "power of "
           "two up to 4096. It is uninitialised unless `zeroed`.";
  return "Gives an object of Python's own to the module: `implementation` has the methods of this class, and "
         "is kept "
         "until the object's end.";
}

// The code point that begins at `at`, which moves behind it. The text is UTF-8.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  std::uint32_t point = first & (0x3Fu >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
  return point;
}

}  // namespace

std::string class_name(const Class& owner) {
  return pascal_case(owner.name);
}
std::string enum_name(const Enum& type) {
  return pascal_case(type.name);
}
std::string member_name(const EnumValue& value) {
  return upper_case(value.name);
}
std::string error_name(const Error& error) {
  return pascal_case(error.name);
}

bool is_constructor(const Function& function) {
  return function.kind == FunctionKind::create && function.name == "create";
}

bool takes_module(const Function& function) {
  return function.kind == FunctionKind::create || function.kind == FunctionKind::static_call;
}

std::string callback_name(const Interface& interface, const Callback& callback) {
  return interface.name + "." + callback.name;
}

std::string function_name(const Interface& interface, const Function& function) {
  if (!function.owner) return interface.name + "." + std::string(function.name);
  const std::string owner = interface.name + "." + class_name(*function.owner);
  return is_constructor(function) ? owner : owner + "." + std::string(function.name);
}

std::string module_parameter(const Function& function) {
  return has_parameter(function, "module") ? "module_" : "module";
}
std::string class_parameter(const Function& function) {
  return has_parameter(function, "cls") ? "cls_" : "cls";
}

std::string string_literal(std::string_view text) {
  std::string literal = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = next_code_point(text, at);
    if (point == '"' || point == '\\') {
      literal += {'\\', static_cast<char>(point)};
    } else if (point == '\n') {
      literal += "\\n";
    } else if (point < 0x20 || (point >= 0x7F && point < 0x100)) {
      literal += fmt::format("\\x{:02x}", point);
    } else if (point >= 0x10000) {
      literal += fmt::format("\\U{:08x}", point);
    } else if (point >= 0x100) {
      literal += fmt::format("\\u{:04x}", point);
    } else {
      literal += static_cast<char>(point);
    }
  }
  return literal + "\"";
}

std::string default_value(const Interface& interface, const Parameter& parameter) {
  if (const auto* flag = std::get_if<bool>(&*parameter.default_value)) return *flag ? "True" : "False";
  if (const auto* text = std::get_if<std::string>(&*parameter.default_value)) return string_literal(*text);
  if (const auto* type = std::get_if<EnumType>(&parameter.type)) {
    const Enum& of = interface.enums[type->index];
    const EnumValue& value = of.values[std::get<EnumDefault>(*parameter.default_value).value];
    return interface.name + "." + enum_name(of) + "." + member_name(value);
  }
  return default_text(interface, parameter);
}

std::string text_signature(const Interface& interface, const Function& function) {
  std::vector<std::string> parts;
  if (function.kind == FunctionKind::allocate) return "module, size, /, *, alignment=0, zeroed=False";
  if (function.method || function.kind == FunctionKind::retain) parts = {"$self", "/"};
  if (function.creator && !is_constructor(function)) parts = {"$" + class_parameter(function)};
  if (takes_module(function)) {
    parts.push_back(module_parameter(function));
    parts.emplace_back("/");
  }
  if (function.kind == FunctionKind::create && !function.creator) parts.emplace_back("implementation");
  for (const Parameter& parameter : function.parameters()) {
    parts.push_back(parameter.name +
                    (parameter.default_value ? "=" + default_value(interface, parameter) : ""));
  }
  return join(parts, ", ");
}

std::string docstring(const Interface& interface, const Function& function) {
  std::string what = doc_of(function);
  if (function.method && function.method->consumes_self)
    what = sentences(what,
                     "Consumes the object: a call that succeeds closes it, one that fails leaves it open.");
  if (!is_in_first_minor(interface, function))
    what = sentences(what, fmt::format("Since {} of the interface.", c::version_text(function.since)));
  std::vector<std::string> paragraphs;
  if (!what.empty()) paragraphs.push_back(join(wrap(what, kDocWidth), "\n"));
  std::string lines;
  const auto add = [&](const std::string& name, const std::string& text) {
    if (!text.empty()) lines += join(wrap(name + ": " + text, kDocWidth), "\n    ") + "\n";
  };
  for (const Parameter& parameter : function.parameters()) add(parameter.name, about(parameter));
  if (function.result()) add("Returns", about(*function.result()));
  if (!lines.empty()) paragraphs.push_back(lines.substr(0, lines.size() - 1));
  return join(paragraphs, "\n\n");
}

namespace {

std::string thread_rule(Threads threads) {
  switch (threads) {
    case Threads::confined:
      return "An object belongs to the thread that created it: a call from another is "
             "tallystick.WrongThreadError, and closed or finalised on another it is destroyed later, by its "
             "own.";
    case Threads::exclusive:
      return "Any thread may use an object, one at a time: a call while another is inside is "
             "tallystick.ConcurrentUseError.";
    case Threads::shared:
      return "Any number of threads may use an object at once.";
    case Threads::with_parent:
      return "Any thread may use an object, one at a time among its parent and all of that one's children: a "
             "call while another is inside one of them is tallystick.ConcurrentUseError.";
  }
  return "";
}

}  // namespace

std::string docstring(const Interface& interface, const Class& owner) {
  std::string rule = thread_rule(owner.threads);
  if (owner.parent && owner.parent->ends == ParentEnds::cascade) {
    rule = sentences(rule,
                     fmt::format("It ends when its {} does: a call is then tallystick.GoneWithParentError.",
                                 class_name(interface.classes[owner.parent->index])));
  }
  if (owner.kind == ClassKind::array) {
    rule = sentences(rule, fmt::format("A sequence of references to {}, which the array owns.",
                                       class_name(interface.classes[owner.element])));
  }
  return join(wrap(sentences(owner.doc, rule), kDocWidth), "\n");
}

bool releases_gil(const Function& function) {
  const auto has_memory = [](const Parameter& parameter) { return is_memory(parameter.type); };
  if (function.reenters() || std::ranges::any_of(function.parameters(), has_memory)) return true;
  return function.result() && is_memory(function.result()->type);
}

std::vector<Symbol> symbols(const Interface& interface) {
  const std::string scope = interface.name;
  std::vector<Symbol> symbols = {{scope, "Module", std::string(kOfInterface)},
                                 {scope, "INTERFACE", std::string(kOfInterface)},
                                 {scope, "INTERFACE_VERSION", std::string(kOfInterface)}};
  for (const Error& error : interface.errors)
    symbols.push_back({scope, error_name(error), "errors." + error.name});
  for (const Enum& type : interface.enums) {
    const std::string path = "enums." + type.name;
    symbols.push_back({scope, enum_name(type), path});
    for (const EnumValue& value : type.values)
      symbols.push_back({scope + "." + enum_name(type), member_name(value), path + ".values." + value.name});
  }
  for (const Function& function : functions_of(interface, nullptr))
    symbols.push_back({scope, std::string(function.name), c::path_of(function)});
  for (const Class& owner : interface.classes) {
    const std::string path = "classes." + owner.name;
    symbols.push_back({scope, class_name(owner), path});
    symbols.push_back({scope + "." + class_name(owner), "closed", std::string(kOfInterface)});
    if (owner.kind != ClassKind::counted)
      symbols.push_back({scope + "." + class_name(owner), "try_close", std::string(kOfInterface)});
    for (const Function& function : functions_of(interface, &owner)) {
      if (function.method || function.creator)
        symbols.push_back(
            {scope + "." + class_name(owner), std::string(function.name), c::path_of(function)});
    }
  }
  return symbols;
}

}  // namespace tally::generator::python
