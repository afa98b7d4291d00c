// The two types that every generated class is made of: a reference, which may call an object, and an owner,
// which also has to give it back.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "tally/error.hpp"

namespace tally {

/// A handle and the table to call it through: a standing right to call one object, which somebody else owns.
/// Copies freely. A call on an object that is gone throws Error (TALLY_STALE_HANDLE); while its module is
/// loaded it never crashes.
///
/// `Class` is generated: `Api`, `Word` (the C type), and the C functions of the class.
template <class Class>
class Reference {
 public:
  using Api = typename Class::Api;
  using Word = typename Class::Word;

  Reference(const Api* api, const Word* handle) noexcept : api_(api), handle_(handle) {}

  /// False for an owner that has been moved from, has given its object away, or has destroyed it.
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  /// The handle, for C functions.
  const Word* handle() const noexcept { return handle_; }

  /// Whether both name the same object.
  friend bool operator==(const Reference& a, const Reference& b) noexcept { return a.handle_ == b.handle_; }
  friend bool operator!=(const Reference& a, const Reference& b) noexcept { return a.handle_ != b.handle_; }

 protected:
  const Api* api_;
  const Word* handle_;
};

/// A token besides: the one who has to give the object back, and does so when it ends. Move-only; one that
/// was moved from is empty, and calls on it throw Error (TALLY_NULL_ARGUMENT).
template <class Ref, class Class>
class [[nodiscard]] Owner : public Ref {
 public:
  using Api = typename Class::Api;
  using Word = typename Class::Word;

  Owner(Owner&& other) noexcept : Ref(other), token_(other.forget()) {}
  Owner& operator=(Owner&& other) noexcept {
    if (this != &other) {
      end();
      this->api_ = other.api_;
      this->handle_ = other.handle_;
      token_ = other.forget();
    }
    return *this;
  }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  ~Owner() { end(); }

  /// Destroys now. TALLY_DEFERRED is a success; throws Error if that is a misuse, or if the destructor threw.
  tally_status destroy() {
    if (!token_) return TALLY_OK;
    const tally_status status = Class::destroy(this->api_, token_);
    if (status >= 0 || status == TALLY_EXCEPTION) forget();  // a refusal leaves it ours
    return check(status);
  }

  /// Gives the token away: the caller destroys it with the C function.
  [[nodiscard]] Word* detach() noexcept { return forget(); }

  /// The word that proves ownership, for C functions; still ours.
  Word* token() const noexcept { return token_; }

 protected:
  /// Takes over a token; of a null it makes an empty owner.
  Owner(const Api* api, Word* token) noexcept
      : Ref(api, token ? Class::ref(api, token) : nullptr), token_(token) {}

 private:
  template <class Given>
  friend class Giving;

  // An empty owner may outlive its module, so it must not call it.
  void end() noexcept {
    if (token_) Class::destroy(this->api_, token_);
  }

  Word* forget() noexcept {
    this->handle_ = nullptr;
    return std::exchange(token_, nullptr);
  }

  Word* token_;
};

/// An owner as an `own` argument of a C function, which zeroes the token exactly when it takes the object;
/// the owner is then empty.
template <class Given>
class Giving {
 public:
  explicit Giving(Given& owner) noexcept : owner_(owner) {}
  Giving(const Giving&) = delete;
  Giving& operator=(const Giving&) = delete;
  ~Giving() {
    if (!owner_.token_) owner_.forget();
  }
  operator typename Given::Word **() const noexcept { return &owner_.token_; }

 private:
  Given& owner_;
};

/// For the length of one call expression.
template <class Given>
Giving<Given> give(Given& owner) noexcept {
  return Giving<Given>(owner);
}

/// Hashes what == compares.
template <class Ref>
struct HandleHash {
  std::size_t operator()(const Ref& object) const noexcept {
    return std::hash<const void*>()(object.handle());
  }
};

}  // namespace tally
