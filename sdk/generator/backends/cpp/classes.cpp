// See classes.hpp.
#include "generator/backends/cpp/classes.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/cpp/functions.hpp"
#include "generator/backends/cpp/incoming.hpp"
#include "generator/backends/cpp/naming.hpp"
#include "generator/backends/layout.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::cpp {

using namespace model;

namespace {

std::string reference_base(const Interface& interface, const Class& owner) {
  if (owner.kind == ClassKind::array)
    return fmt::format("tally::ArrayReference<detail::{}, {}>", traits_name(owner),
                       reference_name(interface.classes[owner.element]));
  return fmt::format("tally::Reference<detail::{}>", traits_name(owner));
}

const char* owner_base(const Class& owner) {
  return owner.kind == ClassKind::counted ? "CountedOwner" : "Owner";
}

std::string about_owner(const Class& owner) {
  switch (owner.kind) {
    case ClassKind::single:
      return "Owns the object and destroys it in the end.";
    case ClassKind::counted:
      return "Owns one reference, and gives it back in the end. A copy owns one more.";
    case ClassKind::array:
      return "Owns the objects, and destroys them in the end.";
    case ClassKind::host:
      return "Owns an object, and destroys it in the end unless it is given to the module.";
  }
  return "";
}

std::string about_reference(const Class& owner) {
  return fmt::format(
      "A right to call one {}, which somebody else owns: good until the object is destroyed, a call after "
      "that "
      "fails. Copies freely.",
      owner.name);
}

// "HEAD { BODY }" on one line if it fits, two columns in.
std::string short_function(const std::string& head, const std::string& body) {
  const std::string line = fmt::format("{} {{ {} }}\n", head, body);
  return line.size() + 1 <= kLineWidth ? line : fmt::format("{} {{\n  {}\n}}\n", head, body);
}

// "HEAD : BASE" on one line if it fits, with `more` behind it.
std::string with_base(const std::string& head, const std::string& base, const char* more) {
  const std::string line = fmt::format("{} : {}{}", head, base, more);
  return line.size() <= kLineWidth ? line : fmt::format("{}\n    : {}{}", head, base, more);
}

// What only some kinds have.
std::string further_traits(const Interface& interface, const Class& owner) {
  const std::string slot = "return api->" + owner.name;
  if (owner.kind == ClassKind::counted)
    return short_function("static Word* retain(const Api* api, const Word* word) noexcept",
                          slot + "_retain(word, nullptr);");
  const std::string text =
      short_function("static tally_status try_destroy(const Api* api, Word** owner) noexcept",
                     slot + "_try_destroy(owner);");
  if (owner.kind != ClassKind::array) return text;
  const std::string element = c::type_name(interface, interface.classes[owner.element]);
  return fmt::format("using Element = {};\n", element) + text +
         short_function(
             "static tally_status size(const Api* api, const Word* word, std::uint64_t* out) noexcept",
             slot + "_size(word, out);") +
         short_function(
             "static tally_status at(const Api* api, const Word* word, std::uint64_t index,\n"
             "                       const Element** out) noexcept",
             slot + "_at(word, index, out);");
}

struct Members {
  std::string of_reference;
  std::string of_owner;
};

Members members(const Interface& interface, const Class& owner) {
  Members result;
  if (owner.kind == ClassKind::counted) {
    result.of_reference = fmt::format(
        "\n/// One more owner of the same object.\ntally::Result<{}> retain() const TALLY_NEEDS_OBJECT;\n",
        owner_name(owner));
  }
  for (const Function& function : functions_of(interface, &owner)) {
    if (!has_wrapper(function)) continue;
    (is_owners(function) ? result.of_owner : result.of_reference) += declaration(interface, function);
  }
  return result;
}

std::string retain_definition(const Interface& interface, const Class& owner) {
  return fill(R"(

inline tally::Result<${class}> ${class}Ref::retain() const {
  ${word}* const token_ = api_->${slot}_retain(handle_, nullptr);
  if (!token_) return detail::fail<${class}>(tally_last_error()->status);
  return ${class}(api_, token_);
}
)",
              {{"class", owner_name(owner)}, {"word", c::type_name(interface, owner)}, {"slot", owner.name}});
}

}  // namespace

std::string traits(const Interface& interface, const Class& owner) {
  return fill(R"(

struct ${traits} : Interface {
  using Word = ${word};
  static constexpr const char* kName = "${interface}.${slot}";
  ${functions}
};
)",
              {{"traits", traits_name(owner)},
               {"word", c::type_name(interface, owner)},
               {"interface", interface.name},
               {"slot", owner.name},
               {"functions",
                short_function("static const Word* ref(const Api* api, const Word* word) noexcept",
                               fmt::format("return api->{}_ref(word);", owner.name)) +
                    short_function("static tally_status give_back(const Api* api, Word* owner) noexcept",
                                   fmt::format("return api->{}_{}(owner);", owner.name,
                                               owner.kind == ClassKind::counted ? "release" : "destroy")) +
                    further_traits(interface, owner)}});
}

std::string classes(const Interface& interface, const Class& owner) {
  const Members of = members(interface, owner);
  return methods_class(interface, owner) +
         fill(R"(

${right}
${reference_head}
 public:
  using ${base_name}::${base_name};
  ${class}Ref(const ${class}& owner TALLY_LIFETIMEBOUND) noexcept;
  ${of_reference}
};

${comment}
${owner_head}
 public:
  using ${owner}::${owner};
  ${of_owner}

  /// Takes over a token that a C function of this module returned. Fails, and has not taken it, if it is no
  /// token of this class of this module, or has been spent.
  static tally::Result<${class}> adopt(const Module& from, ${word}* token) {
    return tally::adopt_token<${class}>(from.api(), token);
  }
  /// The same, from a std::unique_ptr, which is then empty.
  template <class Deleter>
  static tally::Result<${class}> adopt(const Module& from, std::unique_ptr<${word}, Deleter>&& token) {
    return tally::adopt_token<${class}>(from.api(), std::move(token));
  }
};
)",
              {{"right", line_comment({about_reference(owner)})},
               {"class", owner_name(owner)},
               {"word", c::type_name(interface, owner)},
               {"reference_head", with_base("class TALLY_REFERENCE_TYPE " + reference_name(owner),
                                            "public " + reference_base(interface, owner), " {")},
               {"owner_head", with_base("class [[nodiscard]] TALLY_OWNER_TYPE " + owner_name(owner),
                                        fmt::format("public tally::{}<{}, detail::{}>", owner_base(owner),
                                                    reference_name(owner), traits_name(owner)),
                                        " {")},
               {"base_name", owner.kind == ClassKind::array ? "ArrayReference" : "Reference"},
               {"owner", owner_base(owner)},
               {"comment", line_comment({owner.doc, about_owner(owner) + " " +
                                                        join(class_rules(interface, owner), " ")})},
               {"of_reference", of.of_reference},
               {"of_owner", of.of_owner}});
}

std::string definitions(const Interface& interface, const Class& owner) {
  const std::string base = owner.kind == ClassKind::array ? "ArrayReference" : "Reference";
  std::string text =
      "\n" + with_base(fmt::format("inline {0}Ref::{0}Ref(const {0}& owner TALLY_LIFETIMEBOUND) noexcept",
                                   owner_name(owner)),
                       base + "(owner.api(), owner.handle())", " {}\n");
  if (owner.kind == ClassKind::counted) text += retain_definition(interface, owner);
  for (const Function& function : functions_of(interface, &owner))
    if (has_wrapper(function)) text += definition(interface, function);
  return text + methods_defaults(interface, owner);
}

}  // namespace tally::generator::cpp
