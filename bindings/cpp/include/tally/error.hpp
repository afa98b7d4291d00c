// Failures: the status and its text, as the C ABI gave them.
#pragma once

#include <cstring>
#include <stdexcept>
#include <string>

#include "tally/error.h"
#include "tally/mode.hpp"

namespace tally {
inline namespace TALLY_ERROR_MODE {

/// A call failed and changed nothing. what() is the whole text: what was called on which class, where the
/// object was created, where it was destroyed or given away, and what to do. It is thrown, or returned in an
/// Expected.
class Error : public std::runtime_error {
 public:
  Error(tally_status status, const std::string& text) : std::runtime_error(text), status_(status) {}
  tally_status status() const noexcept { return status_; }

  /// Whether it is this one of the interface's errors: error.is<codec::CorruptInput>().
  template <class One>
  bool is() const noexcept {
    return status_ == One::kStatus;
  }

 private:
  tally_status status_;
};

/// One of an interface's own errors; generated headers derive one class from it for each. Authors throw
/// these.
class InterfaceError : public Error {
 public:
  /// `interface` and `name` are static text: "codec" and "corrupt_input".
  InterfaceError(tally_status status, const char* interface, const char* name, const std::string& text)
      : Error(status, text), interface_(interface), name_(name) {}
  const char* interface() const noexcept { return interface_; }
  const char* name() const noexcept { return name_; }

 private:
  const char* interface_;
  const char* name_;
};

/// For authors: a callback, or a method of an object that the host implements, has failed, and this is what
/// it said. Left uncaught, it fails the call under way with the same status and text. It allocates nothing:
/// what a callback fails with is this also when no memory is left. A copy that is only an Error has no text.
class CallbackError : public Error {
 public:
  /// A text that is too long is cut.
  CallbackError(tally_status status, const char* text) : Error(status, std::string()) {
    std::strncpy(text_, text, sizeof text_ - 1);
  }
  const char* what() const noexcept override { return text_; }

 private:
  char text_[sizeof(tally_error::text)] = {};
};

}  // namespace TALLY_ERROR_MODE
}  // namespace tally
