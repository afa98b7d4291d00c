// Owners as std::unique_ptr and std::shared_ptr, and back, for code that already uses these.
//
//     std::unique_ptr<codec_encoder, ...>   a token, as C functions take it;
//                                           back with Encoder::adopt(module, ...)
//     std::shared_ptr<const Encoder>        an owner that many hold, for calls only;
//                                           back with from_shared(...)
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "tally/owner.hpp"

namespace tally {
inline namespace TALLY_MODE {

/// Gives a token back; of the same module as the owner that it came from.
template <class Owner>
struct Deleter {
  const typename Owner::Api* api;
  void operator()(typename Owner::Word* token) const noexcept { Owner::Class::give_back(api, token); }
};

/// A token that gives its object back: get() is for C functions.
template <class Owner>
using UniqueToken = std::unique_ptr<typename Owner::Word, Deleter<Owner>>;

/// Takes the token out of an owner, which is then empty.
template <class Owner, class = std::enable_if_t<!std::is_reference_v<Owner>>>
[[nodiscard]] UniqueToken<Owner> to_unique(Owner&& owner) noexcept {
  const typename Owner::Api* const api = owner.api();
  return UniqueToken<Owner>(owner.detach(), Deleter<Owner>{api});
}

/// Shares an owner, which is then empty: the object is given back when the last pointer goes. What is shared
/// can be called, not destroyed or given away.
template <class Owner, class = std::enable_if_t<!std::is_reference_v<Owner>>>
[[nodiscard]] std::shared_ptr<const Owner> to_shared(Owner&& owner) {
  return std::make_shared<Owner>(std::forward<Owner>(owner));
}

/// Takes the owner out again, and leaves `shared` null. Fails, and changes nothing, with TALLY_NULL_ARGUMENT
/// if it is null, and with TALLY_BORROWED while others share it. It has to have come from to_shared, or to
/// point to an owner that was not made const.
template <class Owner>
Result<std::remove_const_t<Owner>> from_shared(std::shared_ptr<Owner>&& shared) {
  using Mutable = std::remove_const_t<Owner>;
  const std::string name = Mutable::Class::kName;
  if (!shared) {
    const std::string text = name + ": null argument: the std::shared_ptr is null; pass one with an owner";
    return fail<Mutable>(tally_fail(TALLY_NULL_ARGUMENT, text.c_str()));
  }
  if (shared.use_count() != 1) {
    const std::string text = name + ": borrowed: " + std::to_string(shared.use_count() - 1) +
                             " more std::shared_ptr to the owner; drop them first";
    return fail<Mutable>(tally_fail(TALLY_BORROWED, text.c_str()));
  }
  const std::shared_ptr<Owner> last = std::move(shared);
  return std::move(const_cast<Mutable&>(*last));
}

}  // namespace TALLY_MODE
}  // namespace tally
