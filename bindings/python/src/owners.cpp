// Which Python objects own what the ledger lists, and where they were made: asked for by tests, and kept only
// from when they do.
#include <unordered_map>

#include "core_module.hpp"
#include "tally/core.h"

namespace tally::python {

bool owners_are_tracked = false;

namespace {

// Where each was made. The objects are alive: they leave before they go.
std::unordered_map<PyObject*, pybind11::object> owners;

pybind11::object place_here() {
  PyFrameObject* const frame = PyEval_GetFrame();
  if (!frame) return pybind11::none();
  const auto code =
      pybind11::reinterpret_steal<pybind11::object>(reinterpret_cast<PyObject*>(PyFrame_GetCode(frame)));
  const int line = PyFrame_GetLineNumber(frame);
  PyObject* const text =
      PyUnicode_FromFormat("%U:%d", reinterpret_cast<PyCodeObject*>(code.ptr())->co_filename, line);
  if (!text) PyErr_Clear();
  return text ? pybind11::reinterpret_steal<pybind11::object>(text) : pybind11::none();
}

void track(bool is_wanted) {
  owners_are_tracked = is_wanted;
  if (!is_wanted) owners.clear();
}

pybind11::list all_owners() {
  pybind11::list list;
  for (const auto& [object, place] : owners) {
    const std::uint64_t handle = handle_owned_by(object);
    if (handle != 0)
      list.append(
          pybind11::make_tuple(pybind11::reinterpret_borrow<pybind11::object>(object), handle, place));
  }
  return list;
}

}  // namespace

void note_owner(PyObject* self) {
  try {
    owners[self] = place_here();
  } catch (...) {  // no memory: it is not known, then
  }
}

void forget_owner(PyObject* self) {
  if (!owners.empty()) owners.erase(self);
}

std::uint64_t handle_of_token(const void* token) {
  const auto word = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(token));
  const tally_core* const services = tally_core_entry(TALLY_ABI_MAJOR);
  if (!services || word == 0) return 0;
  const tally_table& table = services->directory[TALLY_WORD_TABLE(word)];
  if (!table.provider) return 0;
  tally_word_state state{};
  table.provider->inspect(table.provider, table.class_index, word, &state);
  return state.status == TALLY_OK ? state.handle : 0;
}

std::uint64_t handle_owned_by(PyObject* self) {
  if (Py_TYPE(self) == core->blob) return handle_of_token(token_of_blob(self));
  if (Py_TYPE(self) == core->view) return handle_of_token(token_of_view(self));
  return handle_of_token(reinterpret_cast<const Object*>(self)->token);
}

void add_owners(pybind11::module_& module) {
  module.def(
      "track_owners", track, pybind11::arg("wanted"),
      "From here on (or, with False, no longer) it is kept which Python objects own what, and where each was "
      "made. Those that are there already are not known.");
  module.def(
      "owners", all_owners,
      "(object, handle, place) of each that was made since track_owners(True) and still owns something; the "
      "handle is that of the ledger's entry, and the place \"file:line\" or None.");
}

}  // namespace tally::python
