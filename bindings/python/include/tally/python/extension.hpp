// What a generated extension module includes, and how it makes its types when it is imported.
#pragma once

#include <pybind11/pybind11.h>

#include "tally/python/arguments.hpp"
#include "tally/python/callbacks.hpp"
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

inline PyObject* try_close(PyObject* self, PyObject*) {
  return core->try_close(self);
}

inline constexpr const char* kTryCloseDoc =
    "try_close($self, /)\n--\n\nCloses, unless something holds the object: then BorrowedError, "
    "HasChildrenError or "
    "WrongThreadError, and it stays open. close() succeeds in any case, and what holds the object ends it.";

/// What a call made, as what reports whatever it was given; null if it could not be made.
inline Object* owner_of(PyObject* made) {
  return reinterpret_cast<Object*>(made);
}

/// The arguments of an interface's `allocate`.
struct Allocation {
  ModuleObject* module = nullptr;
  std::uint64_t size = 0;
  std::uint64_t alignment = 0;
  std::uint8_t zeroed = 0;

  bool take(const char* function, PyTypeObject* module_type, PyObject* const* arguments, Py_ssize_t count,
            PyObject* names) {
    static constexpr const char* kNames[] = {"module", "size", "alignment", "zeroed"};
    const Parameters parameters = {function, kNames, 4, 2, 2};
    if (count > 2) {
      PyErr_Format(PyExc_TypeError, "allocate() takes 2 positional arguments but %zd were given", count);
      return false;
    }
    PyObject* given[4];
    if (!core->bind(parameters, arguments, count, names, given) ||
        !take_integer(parameters, 1, given[1], size) ||
        (given[2] && !take_integer(parameters, 2, given[2], alignment)) ||
        (given[3] && !take_bool(parameters, 3, given[3], zeroed))) {
      return false;
    }
    module = take_module(parameters, given[0], module_type);
    return module != nullptr;
  }
};

/// Throws the Python error that is set if `made` is null; else it is what the module owns from now on.
template <class Made>
Made* owned(Made* made) {
  if (!made) throw pybind11::error_already_set();
  return made;
}

/// Throws what the import of this module then fails with: pybind11 would put "initialization failed" before
/// an error that is set.
inline void import_core() {
  if (find_core()) return;
  if (!PyErr_ExceptionMatches(PyExc_ImportError)) throw pybind11::error_already_set();
  pybind11::error_already_set error;
  throw pybind11::import_error(pybind11::str(error.value()));
}

inline PyTypeObject* add_type(pybind11::module_& module, const char* attribute, PyTypeObject* made) {
  module.attr(attribute) = pybind11::handle(reinterpret_cast<PyObject*>(owned(made)));
  return made;
}

/// Adds the interface's own functions. `methods` ends with an empty one.
inline void add_functions(pybind11::module_& module, PyMethodDef* methods) {
  if (PyModule_AddFunctions(module.ptr(), methods) < 0) throw pybind11::error_already_set();
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
