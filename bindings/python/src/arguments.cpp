// What matching arguments with parameters comes to when they do not stand in order already, and how it fails.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "core_module.hpp"

namespace tally::python {
namespace {

// "codec.Encoder.write()" as Python's own messages have it: without the module.
const char* short_name(const Parameters& parameters) {
  const char* const dot = std::strchr(parameters.function, '.');
  return dot ? dot + 1 : parameters.function;
}

int index_of(const Parameters& parameters, PyObject* name) {
  for (int i = parameters.positional; i < parameters.count; ++i) {
    if (PyUnicode_CompareWithASCIIString(name, parameters.names[i]) == 0) return i;
  }
  return -1;
}

bool bind_named(const Parameters& parameters, PyObject* const* values, PyObject* names, PyObject** out) {
  const Py_ssize_t count = PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < count; ++i) {
    PyObject* const name = PyTuple_GET_ITEM(names, i);
    const int index = index_of(parameters, name);
    if (index < 0) {
      PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", short_name(parameters),
                   name);
      return false;
    }
    if (out[index]) {
      PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%U'", short_name(parameters),
                   name);
      return false;
    }
    out[index] = values[i];
  }
  return true;
}

// A number as a message has it. Python refuses to write out an int of thousands of digits.
PyObject* in_words(PyObject* number) {
  PyObject* const text = PyObject_Repr(number);
  if (text || !PyLong_Check(number) || !PyErr_ExceptionMatches(PyExc_ValueError)) return text;
  PyErr_Clear();
  PyObject* const bits = PyObject_CallMethod(number, "bit_length", nullptr);
  if (!bits) return nullptr;
  PyObject* const size = PyUnicode_FromFormat("an int of %S bits", bits);
  Py_DECREF(bits);
  return size;
}

}  // namespace

bool bind_slowly(const Parameters& parameters, PyObject* const* given, Py_ssize_t count, PyObject* names,
                 PyObject** out) {
  if (count > parameters.count) {
    PyErr_Format(PyExc_TypeError, "%s() takes at most %d argument%s (%zd given)", short_name(parameters),
                 parameters.count, parameters.count == 1 ? "" : "s", count);
    return false;
  }
  std::fill_n(out, parameters.count, nullptr);
  std::copy_n(given, count, out);
  if (names && !bind_named(parameters, given + count, names, out)) return false;
  for (int i = 0; i < parameters.required; ++i) {
    if (out[i]) continue;
    PyErr_Format(PyExc_TypeError, "%s() missing required argument '%s' (pos %d)", short_name(parameters),
                 parameters.names[i], i + 1);
    return false;
  }
  return true;
}

PyObject* call_vector(vectorcallfunc function, PyTypeObject* type, PyObject* positional, PyObject* named) {
  const Py_ssize_t count = PyTuple_GET_SIZE(positional);
  std::vector<PyObject*> arguments;
  for (Py_ssize_t i = 0; i < count; ++i) arguments.push_back(PyTuple_GET_ITEM(positional, i));
  PyObject* names = nullptr;
  if (named && PyDict_GET_SIZE(named) > 0) {
    names = PyTuple_New(PyDict_GET_SIZE(named));
    if (!names) return nullptr;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    Py_ssize_t position = 0;
    for (Py_ssize_t i = 0; PyDict_Next(named, &position, &key, &value); ++i) {
      PyTuple_SET_ITEM(names, i, Py_NewRef(key));
      arguments.push_back(value);
    }
  }
  PyObject* const made =
      function(reinterpret_cast<PyObject*>(type), arguments.data(), static_cast<std::size_t>(count), names);
  Py_XDECREF(names);
  return made;
}

bool wrong_type(const Parameters& parameters, int index, const char* wanted, PyObject* given) {
  if (index == kResult) {
    PyErr_Format(PyExc_TypeError, "%s() must return %s, not %s", short_name(parameters), wanted,
                 Py_TYPE(given)->tp_name);
    return false;
  }
  PyErr_Format(PyExc_TypeError, "%s() argument '%s' must be %s, not %s", short_name(parameters),
               parameters.names[index], wanted, Py_TYPE(given)->tp_name);
  return false;
}

bool out_of_range(const Parameters& parameters, int index, const char* least, const char* most,
                  PyObject* given) {
  PyObject* const number = in_words(given);
  if (!number) return false;
  if (index == kResult) {
    PyErr_Format(PyExc_OverflowError, "%s() must return a number from %s to %s, not %U",
                 short_name(parameters), least, most, number);
  } else {
    PyErr_Format(PyExc_OverflowError, "%s() argument '%s' must be from %s to %s, not %U",
                 short_name(parameters), parameters.names[index], least, most, number);
  }
  Py_DECREF(number);
  return false;
}

bool not_utf8(const Parameters& parameters, int index) {
  if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return false;
  PyErr_Clear();
  const std::string what =
      index == kResult ? "its result" : std::string("argument '") + parameters.names[index] + "'";
  raise_own(TALLY_NOT_UTF8, "%s: not UTF-8: %s has a lone surrogate, which has no UTF-8 form",
            parameters.function, what.c_str());
  return false;
}

}  // namespace tally::python
