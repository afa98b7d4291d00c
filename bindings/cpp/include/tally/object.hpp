// A reference: one of the two types that every generated class is made of. The other is in owner.hpp.
#pragma once

#include <cstddef>
#include <functional>

#include "tally/attributes.hpp"
#include "tally/mode.hpp"

namespace tally {
inline namespace TALLY_MODE {

/// A handle and the table to call it through: a standing right to call one object, which somebody else owns.
/// Copies freely. A call on an object that is gone fails with TALLY_STALE_HANDLE; while its module is loaded
/// it never crashes.
///
/// `Class` is generated: `Api`, `Word` (the C type), `kName`, and the C functions of the class.
template <class Class>
class TALLY_REFERENCE_TYPE Reference {
 public:
  using Api = typename Class::Api;
  using Word = typename Class::Word;

  Reference(const Api* api, const Word* handle) noexcept : api_(api), handle_(handle) {}

  /// False for an owner that has been moved from, has given its object away, or has destroyed it.
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  /// The handle, for C functions.
  const Word* handle() const noexcept { return handle_; }
  /// The C functions, good while the module is loaded; an empty owner's all refuse.
  const Api* api() const noexcept { return api_; }

  /// Whether both name the same object.
  friend bool operator==(const Reference& a, const Reference& b) noexcept { return a.handle_ == b.handle_; }
  friend bool operator!=(const Reference& a, const Reference& b) noexcept { return a.handle_ != b.handle_; }

 protected:
  const Api* api_;
  const Word* handle_;
};

/// Hashes what == compares.
template <class Ref>
struct HandleHash {
  std::size_t operator()(const Ref& object) const noexcept {
    return std::hash<const void*>()(object.handle());
  }
};

}  // namespace TALLY_MODE
}  // namespace tally
