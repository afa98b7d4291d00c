// See standard_contracts.hpp. The texts are written for one class at a time: what can't happen to it isn't
// said.
#include "generator/backends/c/standard_contracts.hpp"

#include <fmt/format.h>

#include "generator/backends/c/naming.hpp"

namespace tally::generator::c {

using namespace model;

namespace {

constexpr std::string_view kMisuse =
    "Misuse: TALLY_ALREADY_DESTROYED, TALLY_NOT_OWNER (a handle), TALLY_WRONG_CLASS, TALLY_WRONG_PAIR, "
    "TALLY_WRONG_MODULE, TALLY_NEVER_ISSUED.";

bool is_cascaded(const Class& owner) {
  return owner.parent && owner.parent->ends == ParentEnds::cascade;
}

// What is no misuse: the token of an object that ended with its parent.
std::string after_cascade(const Class& owner) {
  return is_cascaded(owner) ? "TALLY_OK as well if the object went with its parent. " : "";
}

std::string destroy_contract(const Class& owner) {
  const std::string what = owner.kind == ClassKind::array ? "Gives the array back, and all of its elements. "
                                                          : "Gives the object back. ";
  return what +
         "Takes the token only; a null is a no-op. It always succeeds with a valid token: TALLY_OK, or "
         "TALLY_DEFERRED "
         "if the destructor has to run later. " +
         after_cascade(owner) + std::string(kMisuse);
}

std::string try_destroy_contract(const Class& owner) {
  return "Gives the object back if its destructor can run at once, and then sets *owner to null; otherwise "
         "refuses, "
         "and nothing has changed: TALLY_BORROWED (a call is inside it, or a view of it is open), "
         "TALLY_HAS_CHILDREN, "
         "TALLY_WRONG_THREAD; misuse as with destroy." +
         std::string(is_cascaded(owner) ? " TALLY_OK as well if the object went with its parent." : "");
}

std::string release_contract(const Class& owner) {
  return "Gives one reference back, and with the last one the object. Takes the token only, each once; a "
         "null is a "
         "no-op. It always succeeds with a valid token: TALLY_OK, or TALLY_DEFERRED if the destructor has to "
         "run "
         "later. " +
         after_cascade(owner) + std::string(kMisuse);
}

std::string ref_contract() {
  return "The handle of a token or a handle, to keep for longer: it stays good until the object is "
         "destroyed, whoever "
         "owns it then. Null, and the last error, if the object is gone.";
}

std::string retain_contract(const Interface& interface, const Class& owner) {
  return fmt::format(
      "One more reference to the object that a token or a handle names. Returns its token: yours, give it "
      "back with {}_release. Null on failure; the reason is in *error (may be null) and in the last error.",
      type_name(interface, owner));
}

std::string at_contract(const Interface& interface, const Class& owner) {
  return fmt::format(
      "The handle of the element at this index, the first at 0: good until the array is destroyed. "
      "TALLY_INVALID_ARGUMENT beyond the end. It is called as any {} is; there is nothing to give back.",
      type_name(interface, interface.classes[owner.element]));
}

std::vector<std::string> host_create_contract(const Interface& interface, const Class& owner) {
  return {
      "Makes an object of the host's own methods. `methods` has to outlive the object; `user` is what each "
      "of them is "
      "called with.",
      fmt::format(
          "Returns the token: yours until you give it to the module, give it back with {}_destroy. Null on "
          "failure, and then `destroy` of the methods is not called; the reason is in *error (may be null) "
          "and "
          "in the last error.",
          type_name(interface, owner))};
}

std::string allocate_contract() {
  return "Memory of the module's, to fill and to give to a function that takes it; or to free, with "
         "tally_blob_free. "
         "`alignment`: 0 for that of malloc, else a power of two up to 4096. What is in it is indeterminate "
         "unless "
         "`zeroed`. tally_blob_resize makes it larger or smaller. TALLY_OUT_OF_MEMORY, TALLY_LIMIT_REACHED, "
         "TALLY_INVALID_ARGUMENT.";
}

}  // namespace

std::vector<std::string> standard_contract(const Interface& interface, const Function& function) {
  switch (function.kind) {
    case FunctionKind::destroy:
      return {destroy_contract(*function.owner)};
    case FunctionKind::try_destroy:
      return {try_destroy_contract(*function.owner)};
    case FunctionKind::release:
      return {release_contract(*function.owner)};
    case FunctionKind::retain:
      return {retain_contract(interface, *function.owner)};
    case FunctionKind::ref:
      return {ref_contract()};
    case FunctionKind::same:
      return {"Whether two words name one object. Words are never compared with ==."};
    case FunctionKind::id:
      return {"A key for the object that a word names, to hash and sort by; 0 for a token that is spent."};
    case FunctionKind::size:
      return {"How many elements there are."};
    case FunctionKind::at:
      return {at_contract(interface, *function.owner)};
    case FunctionKind::allocate:
      return {allocate_contract()};
    case FunctionKind::create:
      if (!function.creator) return host_create_contract(interface, *function.owner);
      return {};
    case FunctionKind::call:
    case FunctionKind::static_call:
      return {};
  }
  return {};
}

}  // namespace tally::generator::c
