// Their layouts are frozen: a callback has three members for good, a table of methods only grows at the end.
#include "generator/backends/c/supplied.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "generator/backends/c/functions.hpp"
#include "generator/backends/c/naming.hpp"
#include "generator/backends/c/signature.hpp"
#include "generator/backends/comment.hpp"
#include "generator/backends/layout.hpp"
#include "generator/text/fill.hpp"
#include "generator/text/words.hpp"

namespace tally::generator::c {

using namespace model;

namespace {

constexpr std::size_t kPointerSize = 8;

// A member of a struct, two columns in, that points to a function.
std::string pointer_member(const Signature& of, const std::string& name) {
  return list(declare(of.returns, fmt::format("(TALLY_CALL *{})(", name)), parameter_list(of), ");\n", 2);
}

std::string callback_struct(const Interface& interface, const Callback& callback) {
  std::vector<std::string> comment = contract(interface, callback);
  if (comment.empty()) comment = {callback.name + "."};
  return fill(R"(

${comment}
typedef struct ${name} {
  ${call}
  void *user; /* what both functions are called with */
  void (TALLY_CALL *release)(void *user); /* called once, when `call` never will be again; may be null */
} ${name};

TALLY_STATIC_ASSERT(sizeof(${name}) == 24, "the layout of ${name} is frozen");
)",
              {{"comment", block_comment(comment)},
               {"name", callback_name(interface, callback)},
               {"call", pointer_member(signature(interface, callback), "call")}});
}

bool returns_memory(const Class& owner) {
  return std::ranges::any_of(owner.methods, [](const Method& method) {
    return method.result && method.result->passing == Passing::own;
  });
}

std::string about_memory(const Interface& interface) {
  return fmt::format("\nMemory that it returns is a blob, usually made with {}_allocate.", interface.name);
}

}  // namespace

std::vector<Method> methods_in_order(const Class& owner) {
  std::vector<Method> methods = owner.methods;
  std::ranges::stable_sort(methods, {}, &Method::since);
  return methods;
}

std::string callbacks_section(const Interface& interface) {
  std::string callbacks;
  for (const Callback& callback : interface.callbacks) callbacks += callback_struct(interface, callback);
  if (callbacks.empty()) return "";
  return fill(R"(
/* ---- Callbacks ----

   Functions of the host's that the module is given. The struct is copied, and need not outlive the call that it is
   passed to; a null, or one whose `call` is null, is TALLY_NULL_ARGUMENT. A callback fails by returning an error, best
   as `return tally_fail(status, "what went wrong")`: the call that it is part of then fails with that status and
   text. An object that it is given (X **) is taken by setting the pointer to null; otherwise it stays the module's. */
${callbacks}

)",
              {{"callbacks", callbacks}});
}

std::string methods_struct(const Interface& interface, const Class& owner) {
  const std::string name = methods_name(interface, owner);
  std::string members;
  std::string frozen =
      fmt::format("TALLY_STATIC_ASSERT(offsetof({}, destroy) == 8, \"slots never move\");\n", name);
  std::size_t offset = 2 * kPointerSize;
  for (const Method& method : methods_in_order(owner)) {
    members += "\n" + with_comment(host_contract(interface, method),
                                   pointer_member(host_signature(interface, method), method.name));
    frozen += fmt::format("TALLY_STATIC_ASSERT(offsetof({}, {}) == {}, \"slots never move\");\n", name,
                          method.name, offset);
    offset += kPointerSize;
  }
  return fill(R"(
/* What the host implements it with: one table for all objects of a kind. A method that is null, or that lies beyond
   the size in the header, is TALLY_NOT_SUPPORTED when it is called. It fails as a callback does, with tally_fail, and
   is given objects as one.${returns_memory} */
typedef struct ${name} {
  tally_table_header header; /* {sizeof(${name}), ${guard}_VERSION_MAJOR, ${guard}_VERSION_MINOR} */

  /* The object has ended: called exactly once, and last; may be null. */
  void (TALLY_CALL *destroy)(void *user);
  ${members}
} ${name};

${frozen}
)",
              {{"name", name},
               {"guard", upper_case(interface.name)},
               {"returns_memory", returns_memory(owner) ? about_memory(interface) : ""},
               {"members", members},
               {"frozen", frozen}});
}

}  // namespace tally::generator::c
