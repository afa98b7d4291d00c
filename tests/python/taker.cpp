// A pybind11 module of somebody else's: it takes the objects of `conformance` as the C++ wrapper's
// references, and lets the C++ wrapper's errors through.
#include <pybind11/pybind11.h>

#include <cstdio>
#include <cstdlib>

#include "conformance_python.hpp"

namespace {

// Memory whose release without the GIL ends the process: what a buffer of somebody else's may rely on.
struct Guarded {
  PyObject_HEAD char memory[1 << 16];
};

int get_buffer(PyObject* self, Py_buffer* view, int flags) {
  auto* const guarded = reinterpret_cast<Guarded*>(self);
  return PyBuffer_FillInfo(view, self, guarded->memory, sizeof guarded->memory, 1, flags);
}

void release_buffer(PyObject*, Py_buffer*) {
  if (PyGILState_Check()) return;
  std::fputs("a buffer was released without the GIL\n", stderr);
  std::_Exit(70);
}

PyObject* make_guarded_type() {
  PyType_Slot slots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(get_buffer)},
                         {Py_bf_releasebuffer, reinterpret_cast<void*>(release_buffer)},
                         {0, nullptr}};
  PyType_Spec spec = {"taker.Guarded", sizeof(Guarded), 0, Py_TPFLAGS_DEFAULT, slots};
  return PyType_FromSpec(&spec);
}

}  // namespace

PYBIND11_MODULE(taker, module) {
  module.attr("Guarded") = pybind11::reinterpret_steal<pybind11::object>(make_guarded_type());
  tally::python::translate_errors();
  module.def("value", [](conformance::CounterRef counter) { return counter.value(); });
  module.def("sum",
             [](conformance::CounterRef a, conformance::CounterRef b) { return a.value() + b.value(); });
  module.def("fail",
             [](conformance::CounterRef counter) { return counter.fail(conformance::Fault::runtime_error); });
}
