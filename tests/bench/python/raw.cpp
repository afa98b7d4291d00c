// The floor for the Python rows: the object of the benchmark as a type that somebody wrote by hand with
// CPython's C API for speed. Vectorcall to create, METH_FASTCALL methods, no keywords, and nothing checked
// that CPython does not check by itself: no closed object, no number of arguments, no thread, no place of
// creation, no warning.
//
// `Releasing` is the same type, but without the GIL around the destroy, as the design wants it: the
// difference is what that one promise costs a hand-written binding.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "unchecked.hpp"

namespace {

struct Counter {
  PyObject_HEAD void* object;  // null: closed
};

void*& object_of(PyObject* self) {
  return reinterpret_cast<Counter*>(self)->object;
}

PyObject* make(PyObject* type_, PyObject* const*, std::size_t, PyObject*) {
  auto* const type = reinterpret_cast<PyTypeObject*>(type_);
  PyObject* const self = type->tp_alloc(type, 0);
  if (self) object_of(self) = unchecked_create();
  return self;
}

PyObject* add(PyObject* self, PyObject* const* arguments, Py_ssize_t) {
  const long long amount = PyLong_AsLongLong(arguments[0]);
  if (amount == -1 && PyErr_Occurred()) return nullptr;
  unchecked_add(object_of(self), amount);
  Py_RETURN_NONE;
}

PyObject* name(PyObject* self, PyObject* const* arguments, Py_ssize_t) {
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(arguments[0], &size);
  if (!text) return nullptr;
  unchecked_name(object_of(self), text, static_cast<std::size_t>(size));
  Py_RETURN_NONE;
}

PyObject* take(PyObject* self, PyObject* const* arguments, Py_ssize_t) {
  Py_buffer view;
  if (PyObject_GetBuffer(arguments[0], &view, PyBUF_SIMPLE) < 0) return nullptr;
  const std::uint64_t result = unchecked_take(object_of(self), static_cast<const std::uint8_t*>(view.buf),
                                              static_cast<std::size_t>(view.len));
  PyBuffer_Release(&view);
  return PyLong_FromUnsignedLongLong(result);
}

PyObject* enter(PyObject* self, PyObject*) {
  return Py_NewRef(self);
}

void end(PyObject* self) {
  void*& object = object_of(self);
  if (object) unchecked_destroy(object);
  object = nullptr;
}

PyObject* leave(PyObject* self, PyObject* const*, Py_ssize_t) {
  end(self);
  Py_RETURN_NONE;
}

PyObject* leave_without_gil(PyObject* self, PyObject* const*, Py_ssize_t) {
  PyThreadState* const state = PyEval_SaveThread();
  end(self);
  PyEval_RestoreThread(state);
  Py_RETURN_NONE;
}

void dealloc(PyObject* self) {
  end(self);
  PyTypeObject* const type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

using Fast = PyObject* (*)(PyObject*, PyObject* const*, Py_ssize_t);

PyMethodDef fast(const char* called, Fast function) {
  return {called, reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function)), METH_FASTCALL,
          nullptr};
}

int add_type(PyObject* module, const char* qualified, PyMethodDef* methods) {
  PyType_Slot slots[] = {
      {Py_tp_methods, methods}, {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)}, {0, nullptr}};
  PyType_Spec spec = {qualified, sizeof(Counter), 0, Py_TPFLAGS_DEFAULT, slots};
  auto* const type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (!type) return -1;
  type->tp_vectorcall = make;
  return PyModule_AddType(module, type);
}

PyMethodDef methods[] = {fast("add", add),        fast("name", name),
                         fast("take", take),      {"__enter__", enter, METH_NOARGS, nullptr},
                         fast("__exit__", leave), {nullptr, nullptr, 0, nullptr}};

PyMethodDef releasing_methods[] = {fast("add", add),
                                   {"__enter__", enter, METH_NOARGS, nullptr},
                                   fast("__exit__", leave_without_gil),
                                   {nullptr, nullptr, 0, nullptr}};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "bench_raw", nullptr, -1, nullptr, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_bench_raw() {
  PyObject* const module = PyModule_Create(&definition);
  if (!module) return nullptr;
  if (add_type(module, "bench_raw.Counter", methods) == 0 &&
      add_type(module, "bench_raw.Releasing", releasing_methods) == 0) {
    return module;
  }
  Py_DECREF(module);
  return nullptr;
}
