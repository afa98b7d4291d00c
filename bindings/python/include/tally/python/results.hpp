// Results from C to Python, and failures as exceptions.
#pragma once

#include <cstdint>

#include "tally/python/core.hpp"

namespace tally::python {

inline PyObject* none() {
  Py_RETURN_NONE;
}

inline PyObject* from_bool(std::uint8_t value) {
  return PyBool_FromLong(value != 0);
}

/// The enum's member; the number itself if a newer module returned one that this enum does not know.
inline PyObject* from_enum(const EnumClass& of, std::int32_t value) {
  PyObject* const number = PyLong_FromLong(value);
  PyObject* const member = number ? PyDict_GetItemWithError(of.members, number) : nullptr;
  if (!member) return PyErr_Occurred() ? (Py_XDECREF(number), nullptr) : number;
  Py_DECREF(number);
  Py_INCREF(member);
  return member;
}

/// Raises the thread's last failure as one of the interface's own errors, or as one of tallystick's.
template <std::size_t count>
PyObject* raise(tally_status status, const ErrorClass (&errors)[count]) {
  return core->raise(status, errors, count);
}

}  // namespace tally::python
