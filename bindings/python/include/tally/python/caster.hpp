// For pybind11 code in other extension modules: take generated objects as the C++ wrapper's references, and
// let the C++ wrapper's exceptions reach Python as what they are. The generated X_python.hpp makes a
// type_caster of this for each class.
#pragma once

#include <pybind11/pybind11.h>

#include <cstring>
#include <optional>

#include "tally/error.hpp"
#include "tally/python/core.hpp"

namespace tally::python {

/// Loads a `Ref` (codec::EncoderRef) from a Python object of the class. It is good while that object is not
/// closed; the caller of a C++ function holds it for the call.
template <class Ref>
class ReferenceCaster {
 public:
  template <class>
  using cast_op_type = Ref;
  operator Ref() const { return *value_; }

 protected:
  bool load_as(pybind11::handle source, const char* interface, const char* plain) {
    if (!core && !find_core()) throw pybind11::error_already_set();
    if (!PyObject_TypeCheck(source.ptr(), core->object)) return false;
    const auto& object = *reinterpret_cast<const Object*>(source.ptr());
    if (std::strcmp(object.of->interface, interface) != 0 || std::strcmp(object.of->plain, plain) != 0)
      return false;
    if (!object.handle) {
      core->raise_closed(source.ptr(), object.of->name);
      throw pybind11::error_already_set();
    }
    value_.emplace(static_cast<const typename Ref::Api*>(object.api),
                   static_cast<const typename Ref::Word*>(object.handle));
    return true;
  }

 private:
  std::optional<Ref> value_;
};

/// Makes tally::Error a tallystick.Error in the extension module that calls this, and in no other.
inline void translate_errors() {
  pybind11::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Error& error) {
      if (core || find_core()) core->raise(error.status(), nullptr, 0);
    }
  });
}

}  // namespace tally::python
