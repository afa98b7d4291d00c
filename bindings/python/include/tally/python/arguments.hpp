// Arguments from Python to C. Each `take` converts one argument, or sets a Python error that names the
// function and the parameter, and returns false. Nothing is converted silently:
//
// - integers come from int (bool and IntEnum are ints in Python, and pass); never from float, Decimal or
// __index__;
//   OverflowError names the range
// - bool comes from bool alone
// - floats come from float and int; a finite value that f32 can't hold is OverflowError
// - text comes from str and reaches the author's code as UTF-8, from the str's own cache; a lone surrogate is
// NotUtf8Error
// - bytes come from whatever has the buffer protocol and is contiguous, and are not copied
// - an enum's value is a member of that enum, or an int; not another enum's member
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "tally/python/core.hpp"

namespace tally::python {

/// What nearly always holds: the compiler lays the usual way out straight.
inline bool usual(bool condition) {
  return __builtin_expect(condition, true);
}

/// The arguments in the order of the parameters; null for one that is not given. Null on failure. `room` is
/// used only if they are not in that order already.
inline PyObject* const* bind(const Parameters& parameters, PyObject* const* given, Py_ssize_t count,
                             PyObject* names, PyObject** room) {
  if (usual(count == parameters.count && !names)) return given;
  return core->bind(parameters, given, count, names, room) ? room : nullptr;
}

/// The decimal ends of an integer type's range.
template <class Integer>
struct Range;
#define TALLY_PYTHON_RANGE(type, first, last)    \
  template <>                                    \
  struct Range<type> {                           \
    static constexpr const char* kLeast = first; \
    static constexpr const char* kMost = last;   \
  }
TALLY_PYTHON_RANGE(std::int8_t, "-128", "127");
TALLY_PYTHON_RANGE(std::int16_t, "-32768", "32767");
TALLY_PYTHON_RANGE(std::int32_t, "-2147483648", "2147483647");
TALLY_PYTHON_RANGE(std::int64_t, "-9223372036854775808", "9223372036854775807");
TALLY_PYTHON_RANGE(std::uint8_t, "0", "255");
TALLY_PYTHON_RANGE(std::uint16_t, "0", "65535");
TALLY_PYTHON_RANGE(std::uint32_t, "0", "4294967295");
TALLY_PYTHON_RANGE(std::uint64_t, "0", "18446744073709551615");
#undef TALLY_PYTHON_RANGE

template <class Integer>
bool out_of_range(const Parameters& parameters, int index, PyObject* given) {
  return core->out_of_range(parameters, index, Range<Integer>::kLeast, Range<Integer>::kMost, given);
}

/// The value of an int of at most 30 bits, which most are: no call is needed to read one.
inline bool take_small(PyObject* given, long long& out) {
  const auto* const number = reinterpret_cast<const PyLongObject*>(given);
#if PY_VERSION_HEX >= 0x030C0000
  if (!PyUnstable_Long_IsCompact(number)) return false;
  out = PyUnstable_Long_CompactValue(number);
#else
  const Py_ssize_t sign = Py_SIZE(number);
  if (sign < -1 || sign > 1) return false;
  out = sign * static_cast<long long>(number->ob_digit[0]);  // zero's digit may be anything
#endif
  return true;
}

/// Whether the value is one that the type has.
template <class Integer>
constexpr bool fits(long long value) {
  if constexpr (std::is_same_v<Integer, std::uint64_t>) {
    return value >= 0;
  } else {
    return value >= static_cast<long long>(std::numeric_limits<Integer>::min()) &&
           value <= static_cast<long long>(std::numeric_limits<Integer>::max());
  }
}

template <class Integer>
bool take_integer(const Parameters& parameters, int index, PyObject* given, Integer& out) {
  if (!usual(PyLong_Check(given))) return core->wrong_type(parameters, index, "int", given);
  long long small = 0;
  if (usual(take_small(given, small) && fits<Integer>(small))) {
    out = static_cast<Integer>(small);
    return true;
  }
  if constexpr (std::is_same_v<Integer, std::uint64_t>) {
    out = PyLong_AsUnsignedLongLong(given);
    if (out != std::numeric_limits<std::uint64_t>::max() || !PyErr_Occurred()) return true;
    PyErr_Clear();
    return out_of_range<Integer>(parameters, index, given);
  } else {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(given, &overflow);
    if (overflow != 0 || !fits<Integer>(value)) return out_of_range<Integer>(parameters, index, given);
    out = static_cast<Integer>(value);
    return true;
  }
}

inline bool take_bool(const Parameters& parameters, int index, PyObject* given, std::uint8_t& out) {
  if (!PyBool_Check(given)) return core->wrong_type(parameters, index, "bool", given);
  out = given == Py_True;
  return true;
}

template <class Float>
bool take_float(const Parameters& parameters, int index, PyObject* given, Float& out) {
  if (!PyFloat_Check(given) && !PyLong_Check(given))
    return core->wrong_type(parameters, index, "float", given);
  const double value = PyFloat_AsDouble(given);
  constexpr bool is_single = std::is_same_v<Float, float>;
  constexpr const char* least = is_single ? "-3.4028235e+38" : "-1.7976931348623157e+308";
  constexpr const char* most = is_single ? "3.4028235e+38" : "1.7976931348623157e+308";
  if (value == -1.0 && PyErr_Occurred()) {
    PyErr_Clear();
    return core->out_of_range(parameters, index, least, most, given);
  }
  out = static_cast<Float>(value);
  if (std::isfinite(value) && !std::isfinite(out)) {
    return core->out_of_range(parameters, index, least, most, given);
  }
  return true;
}

inline bool take_enum(const Parameters& parameters, int index, PyObject* given, const EnumClass& of,
                      std::int32_t& out) {
  if (!PyLong_CheckExact(given) && !PyObject_TypeCheck(given, of.type)) {
    return core->wrong_type(parameters, index, of.name, given);
  }
  return take_integer(parameters, index, given, out);
}

/// A str as UTF-8; good as long as the str is.
struct Text {
  const char* data = "";
  std::size_t size = 0;

  bool take(const Parameters& parameters, int index, PyObject* given) {
    if (!PyUnicode_Check(given)) return core->wrong_type(parameters, index, "str", given);
    Py_ssize_t length = 0;
    data = PyUnicode_AsUTF8AndSize(given, &length);
    size = static_cast<std::size_t>(length);
    return data || core->not_utf8(parameters, index);
  }
};

/// Memory of whatever has the buffer protocol. It is locked until this ends: nothing resizes or frees it.
class Bytes {
 public:
  Bytes() { view_.obj = nullptr; }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  ~Bytes() {
    if (view_.obj) PyBuffer_Release(&view_);
  }

  bool take(const Parameters& parameters, int index, PyObject* given) {
    // A bytes object needs no lock: it can't change, and the caller holds it.
    if (PyBytes_CheckExact(given)) {
      data = reinterpret_cast<const std::uint8_t*>(PyBytes_AS_STRING(given));
      size = static_cast<std::size_t>(PyBytes_GET_SIZE(given));
      return true;
    }
    if (!PyObject_CheckBuffer(given)) return core->wrong_type(parameters, index, "bytes-like", given);
    if (PyObject_GetBuffer(given, &view_, PyBUF_SIMPLE) < 0) return false;
    data = static_cast<const std::uint8_t*>(view_.buf);
    size = static_cast<std::size_t>(view_.len);
    return true;
  }

  const std::uint8_t* data = nullptr;
  std::size_t size = 0;

 private:
  Py_buffer view_;
};

/// An object that is lent: its class is checked, and that it is not closed.
inline bool take_object(const Parameters& parameters, int index, PyObject* given, PyTypeObject* type,
                        Object*& out) {
  if (Py_TYPE(given) != type) return core->wrong_type(parameters, index, type->tp_name, given);
  out = reinterpret_cast<Object*>(given);
  return out->handle || core->raise_closed(given, parameters.function);
}

/// An object that is given: closed when the call has taken it, and only then.
template <class Word>
class Given {
 public:
  explicit Given(const char* why) : why_(why) {}
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;
  ~Given() {
    if (object_ && !token_) core->lose(*object_, why_);
  }

  void take(Object& object) {
    object_ = &object;
    // A reference has the handle only, which the module refuses by name.
    token_ = static_cast<Word*>(object.token ? object.token : const_cast<void*>(object.handle));
  }
  bool take(const Parameters& parameters, int index, PyObject* given, PyTypeObject* type) {
    Object* object = nullptr;
    if (!take_object(parameters, index, given, type, object)) return false;
    take(*object);
    return true;
  }

  /// What C is given.
  Word** word() { return &token_; }

 private:
  const char* why_;
  Object* object_ = nullptr;
  Word* token_ = nullptr;
};

/// The module of a creator's call: its class is checked, and that it is loaded.
inline ModuleObject* take_module(const Parameters& parameters, PyObject* given, PyTypeObject* type) {
  if (Py_TYPE(given) != type) return core->wrong_type(parameters, 0, type->tp_name, given), nullptr;
  auto* const module = reinterpret_cast<ModuleObject*>(given);
  return module->api ? module : (core->raise_closed(given, parameters.function), nullptr);
}

}  // namespace tally::python
