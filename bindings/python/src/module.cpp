// tallystick._core: the one module that owns the types which all generated modules share.
#include <pthread.h>

#include "core_module.hpp"
#include "tally/version.h"

namespace tally::python {

std::uint32_t forks = 0;

namespace {

Core shared;

void add_types(pybind11::module_& module) {
  namespace py = pybind11;
  const auto own = [&](const char* attribute, PyTypeObject* made) {
    if (!made) throw py::error_already_set();
    module.attr(attribute) = py::handle(reinterpret_cast<PyObject*>(made));
    return made;
  };
  shared.object = own("Object", make_object_type());
  shared.module = own("Module", make_module_type());
  shared.blob = own("Blob", make_blob_type());
  shared.view = own("View", make_view_type());
}

void add_functions() {
  shared.layout = kLayout;
  shared.forks = &forks;
  shared.make_type = make_type;
  shared.make_error = make_error;
  shared.adopt = adopt;
  shared.adopt_blob = adopt_blob;
  shared.text_of = text_of;
  shared.refer = refer;
  shared.try_close = try_close;
  shared.lend_blob = lend_blob;
  shared.return_blob = return_blob;
  shared.adopt_view = adopt_view;
  shared.store = store;
  shared.attach = attach;
  shared.drop = drop;
  shared.move_stored = move_stored;
  shared.release = release;
  shared.under_way = under_way;
  shared.settle = settle;
  shared.enter = enter;
  shared.fail = fail;
  shared.leave = leave;
  shared.lose = lose;
  shared.load = load;
  shared.raise = raise;
  shared.raise_closed = raise_closed;
  shared.bind = bind_slowly;
  shared.call = call_vector;
  shared.wrong_type = wrong_type;
  shared.out_of_range = out_of_range;
  shared.not_utf8 = not_utf8;
}

}  // namespace
}  // namespace tally::python

PYBIND11_MODULE(_core, module) {
  using namespace tally::python;
  module.doc() = "The types that all generated modules share. Use the package tallystick.";
  pthread_atfork(nullptr, nullptr, [] { ++forks; });
  core = &shared;
  add_functions();
  add_errors(module);
  add_types(module);
  add_ledger(module);
  add_owners(module);
  module.attr("RELEASE") = TALLY_RELEASE_STRING;
  module.attr("ABI_VERSION") = pybind11::make_tuple(TALLY_ABI_MAJOR, TALLY_ABI_MINOR);
  module.attr("_api") = pybind11::capsule(&shared, kCapsule);
}
