// A pybind11 module of somebody else's: it takes the objects of `conformance` as the C++ wrapper's
// references, and lets the C++ wrapper's errors through.
#include <pybind11/pybind11.h>

#include "conformance_python.hpp"

PYBIND11_MODULE(taker, module) {
  tally::python::translate_errors();
  module.def("value", [](conformance::CounterRef counter) { return counter.value(); });
  module.def("sum",
             [](conformance::CounterRef a, conformance::CounterRef b) { return a.value() + b.value(); });
  module.def("fail",
             [](conformance::CounterRef counter) { return counter.fail(conformance::Fault::runtime_error); });
}
