// What a generated extension module includes, and how it makes its types when it is imported.
#pragma once

#include <pybind11/pybind11.h>

#include "tally/python/arguments.hpp"
#include "tally/python/core.hpp"
#include "tally/python/gil.hpp"
#include "tally/python/results.hpp"

namespace tally::python {

using Function = PyObject* (*)(PyObject* self, PyObject* const* arguments, Py_ssize_t count, PyObject* names);
using FunctionOfNone = PyObject* (*)(PyObject* self, PyObject* unused);

inline PyMethodDef method(const char* name, Function function, const char* doc, int flags = 0) {
  return {name, reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function)),
          METH_FASTCALL | METH_KEYWORDS | flags, doc};
}
inline PyMethodDef method(const char* name, FunctionOfNone function, const char* doc) {
  return {name, function, METH_NOARGS, doc};
}
inline PyMethodDef method_of_one(const char* name, FunctionOfNone function, const char* doc, int flags = 0) {
  return {name, function, METH_O | flags, doc};
}

inline Object& object_of(PyObject* self) {
  return *reinterpret_cast<Object*>(self);
}

/// Throws the Python error that is set if `made` is null; else it is what the module owns from now on.
template <class Made>
Made* owned(Made* made) {
  if (!made) throw pybind11::error_already_set();
  return made;
}

inline void import_core() {
  if (!find_core()) throw pybind11::error_already_set();
}

inline PyTypeObject* add_type(pybind11::module_& module, const char* attribute, PyTypeObject* made) {
  module.attr(attribute) = pybind11::handle(reinterpret_cast<PyObject*>(owned(made)));
  return made;
}

inline PyObject* add_error(pybind11::module_& module, const char* attribute, PyObject* made) {
  module.attr(attribute) = pybind11::handle(owned(made));
  return made;
}

struct EnumMember {
  const char* name;
  std::int32_t value;
};

/// Makes an IntEnum of the module.
template <std::size_t count>
void add_enum(pybind11::module_& module, const char* attribute, const char* doc,
              const EnumMember (&members)[count], EnumClass& out) {
  namespace py = pybind11;
  py::list pairs;
  py::dict by_number;
  for (const EnumMember& member : members) pairs.append(py::make_tuple(member.name, member.value));
  py::object type = py::module_::import("enum").attr("IntEnum")(attribute, pairs,
                                                                py::arg("module") = module.attr("__name__"));
  type.attr("__doc__") = doc;
  for (const EnumMember& member : members) by_number[py::int_(member.value)] = type.attr(member.name);
  module.attr(attribute) = type;
  out.type = reinterpret_cast<PyTypeObject*>(type.release().ptr());
  out.members = by_number.release().ptr();
}

}  // namespace tally::python
