// An object that the author's code owns: what an `own` parameter of a class type is inside the module.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "tally/error.hpp"
#include "tally/runtime/table.hpp"

namespace tally {

/// The token of an object of this module, and the object. Destroys it when it ends, unless it has been given
/// back as a result. Move-only; for the thread that the object belongs to.
template <class Object>
class Own {
 public:
  Own(Own&& other) noexcept
      : table_(other.table_), token_(std::exchange(other.token_, 0)), object_(other.object_) {}
  Own& operator=(Own&& other) noexcept {
    std::swap(table_, other.table_);
    std::swap(token_, other.token_);
    std::swap(object_, other.object_);
    return *this;
  }
  Own(const Own&) = delete;
  Own& operator=(const Own&) = delete;
  ~Own() {
    if (token_ == 0) return;
    const runtime::Function function{table_->interface(), "the destructor of tally::Own"};
    table_->destroy_within(runtime::Call{function, TALLY_CALLER}, "object", token_);
  }

  explicit operator bool() const noexcept { return token_ != 0; }
  /// An object that ends with its parent can be gone meanwhile: then they throw Error (GONE_WITH_PARENT).
  Object& operator*() const { return *operator->(); }
  Object* operator->() const {
    if (table_->traits().ends_with_parent && !table_->find(runtime::as_pointer<void>(token_))) throw_gone();
    return object_;
  }

  /// For the glue: takes over a token of `table`.
  Own(runtime::Table<Object>& table, runtime::Word token, Object* object) noexcept
      : table_(&table), token_(token), object_(object) {}
  /// For the glue: the token, which stays here.
  runtime::Word token() const noexcept { return token_; }
  /// For the glue: gives the token away.
  runtime::Word detach() noexcept { return std::exchange(token_, 0); }

 private:
  [[noreturn, gnu::noinline]] void throw_gone() const {
    throw Error(TALLY_GONE_WITH_PARENT, std::string("gone with parent: the ") + table_->class_name() +
                                            " of a tally::Own has ended with its parent");
  }

  runtime::Table<Object>* table_;
  runtime::Word token_;
  Object* object_;
};

}  // namespace tally
