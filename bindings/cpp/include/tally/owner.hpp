// Owners: references that have a token besides and give the object back when they end.
#pragma once

#include <memory>
#include <utility>

#include "tally/object.hpp"
#include "tally/result.hpp"

namespace tally {
inline namespace TALLY_MODE {

/// What all owners are: a reference and a token. Move-only; one that was moved from, or has given its object
/// away, is empty, and a call on it fails with TALLY_NULL_ARGUMENT, also when its module is gone.
///
/// While it has a token its module can't be unloaded, so that the table which it calls through stays.
template <class Ref, class OfClass>
class [[nodiscard]] TALLY_OWNER_TYPE TokenHolder : public Ref {
 public:
  using Class = OfClass;
  using Reference = Ref;
  using Api = typename Class::Api;
  using Word = typename Class::Word;

  /// Takes over a token of the module whose table `api` is; of a null it makes an empty owner.
  TokenHolder(const Api* api, Word* token) noexcept
      : Ref(token ? api : Class::empty_api(), token ? Class::ref(api, token) : nullptr), token_(token) {}

  TokenHolder(TokenHolder&& other) noexcept : Ref(other.api_, other.handle_), token_(other.forget_()) {}
  TokenHolder& operator=(TokenHolder&& other) noexcept {
    if (this != &other) {
      end_();
      this->api_ = other.api_;
      this->handle_ = other.handle_;
      token_ = other.forget_();
    }
    return *this;
  }
  TokenHolder(const TokenHolder&) = delete;
  TokenHolder& operator=(const TokenHolder&) = delete;
  ~TokenHolder() { end_(); }

  explicit operator bool() const noexcept TALLY_TELLS_OBJECT { return token_ != nullptr; }

  /// Gives the token away: the caller gives it back with the C function.
  [[nodiscard]] Word* detach() noexcept TALLY_ENDS_OBJECT { return forget_(); }

  /// The word that proves ownership, for C functions; still ours.
  Word* token() const noexcept { return token_; }

 protected:
  // Names of functions here end in an underscore: those of the described methods don't.

  // Whatever became of the token: a refused one is still ours.
  tally_status give_back_() noexcept {
    if (!token_) return TALLY_OK;
    const tally_status status = Class::give_back(this->api_, token_);
    if (status >= 0 || status == TALLY_EXCEPTION) forget_();
    return status;
  }

  Word* forget_() noexcept {
    this->api_ = Class::empty_api();
    this->handle_ = nullptr;
    return std::exchange(token_, nullptr);
  }

  Word* token_;

 private:
  template <class Given>
  friend class Giving;

  void end_() noexcept {
    if (token_) Class::give_back(this->api_, token_);
  }
};

/// The owner of an object that has one owner.
template <class Ref, class Class>
class [[nodiscard]] TALLY_OWNER_TYPE Owner : public TokenHolder<Ref, Class> {
 public:
  using TokenHolder<Ref, Class>::TokenHolder;

  /// Destroys now; of an empty owner it does nothing. TALLY_DEFERRED is a success. Fails if that is a misuse,
  /// or if the destructor threw.
  Result<tally_status> destroy() TALLY_EMPTIES { return check_status(this->give_back_()); }

  /// Destroys if the destructor can run at once. False if it can't, and then nothing has changed and
  /// tally_last_error() says why: TALLY_BORROWED, TALLY_HAS_CHILDREN, TALLY_WRONG_THREAD. Fails as destroy()
  /// does.
  Result<bool> try_destroy() {
    if (!this->token_) return true;
    const tally_status status = Class::try_destroy(this->api_, &this->token_);
    if (!this->token_) this->forget_();
    if (status >= 0) return true;
    if (status == TALLY_BORROWED || status == TALLY_HAS_CHILDREN || status == TALLY_WRONG_THREAD)
      return false;
    return fail<bool>(status);
  }
};

/// One of any number of owners of an object of a counted class, each with a token of its own.
template <class Ref, class Class>
class [[nodiscard]] TALLY_OWNER_TYPE CountedOwner : public TokenHolder<Ref, Class> {
 public:
  using TokenHolder<Ref, Class>::TokenHolder;
  CountedOwner(CountedOwner&&) noexcept = default;
  CountedOwner& operator=(CountedOwner&&) noexcept = default;
  ~CountedOwner() = default;

#ifdef TALLY_EXPECTED
  /// A copy could not say that it failed: use retain().
  CountedOwner(const CountedOwner&) = delete;
  CountedOwner& operator=(const CountedOwner&) = delete;
#else
  /// One more owner of the same object; throws Error. The copy of an empty one is empty.
  CountedOwner(const CountedOwner& other)
      : TokenHolder<Ref, Class>(other.api_, other.token_ ? retained_(other) : nullptr) {}
  CountedOwner& operator=(const CountedOwner& other) {
    if (this != &other) *this = CountedOwner(other);
    return *this;
  }
#endif

  /// Gives this owner's reference back now; the object ends with its last one. TALLY_DEFERRED is a success.
  /// Of an empty owner it does nothing. Fails if that is a misuse, or if the destructor threw.
  Result<tally_status> release() TALLY_EMPTIES {
    return check_status(this->give_back_());
  }

#ifndef TALLY_EXPECTED

 private:
  static typename Class::Word* retained_(const CountedOwner& other) {
    typename Class::Word* const token = Class::retain(other.api_, other.handle_);
    if (!token) fail<void>(tally_last_error()->status);
    return token;
  }
#endif
};

/// Takes over a token that a C function returned; of a null it makes an empty owner. Fails, and the token is
/// then still the caller's, if it is none of this class of this module, or has been spent.
template <class Adopting>
Result<Adopting> adopt_token(const typename Adopting::Api* api, typename Adopting::Word* token) {
  if (token && !Adopting::Class::ref(api, token)) return fail<Adopting>(tally_last_error()->status);
  return Adopting(api, token);
}

/// The same, of a std::unique_ptr, which is then null. Fails as adopt_token() does, and changes nothing.
template <class Adopting, class AnyDeleter>
Result<Adopting> adopt_token(const typename Adopting::Api* api,
                             std::unique_ptr<typename Adopting::Word, AnyDeleter>&& token) {
  Result<Adopting> adopted = adopt_token<Adopting>(api, token.get());
  if (adopted) static_cast<void>(token.release());
  return adopted;
}

/// An owner as an `own` argument of a C function, which zeroes the token exactly when it takes the object;
/// the owner is then empty.
template <class Given>
class Giving {
 public:
  explicit Giving(Given& owner) noexcept : owner_(owner) {}
  Giving(const Giving&) = delete;
  Giving& operator=(const Giving&) = delete;
  ~Giving() {
    if (!owner_.token_) owner_.forget_();
  }
  operator typename Given::Word **() const noexcept { return &owner_.token_; }

 private:
  Given& owner_;
};

/// For the length of one call expression.
template <class Ref, class Class>
Giving<TokenHolder<Ref, Class>> give(TokenHolder<Ref, Class>& owner) noexcept {
  return Giving<TokenHolder<Ref, Class>>(owner);
}

}  // namespace TALLY_MODE
}  // namespace tally
