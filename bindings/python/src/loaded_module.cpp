// tallystick.Module, the base of every generated Module: a loaded shared library and its table of one
// interface.
#include <string>
#include <vector>

#include "core_module.hpp"
#include "structmember.h"
#include "tally/python/gil.hpp"

namespace tally::python {
namespace {

ModuleObject& module_of(PyObject* self) {
  return *reinterpret_cast<ModuleObject*>(self);
}

struct Living {
  std::string class_name;  // "codec.encoder"
  std::uint64_t count;
  tally_site first;
};

int note_class(const tally_balance* balance, void* user) {
  if (balance->live != 0) {
    static_cast<std::vector<Living>*>(user)->push_back({balance->class_name, balance->live, 0});
  }
  return 0;
}

int note_site(const tally_entry* entry, void* user) {
  for (Living& each : *static_cast<std::vector<Living>*>(user)) {
    if (each.first == 0 && each.class_name == entry->class_name) each.first = entry->created;
  }
  return 0;
}

// "1 codec.encoder (the first created at ...), 2 blob (...)". One reader after the other: the ledger is
// locked while it is read.
std::string living_in(const char* module) {
  std::vector<Living> living;
  tally_ledger_balances(module, note_class, &living);
  tally_ledger_live(module, note_site, &living);
  std::string text;
  for (const Living& each : living) {
    char site[256];
    tally_site_text(each.first, site, sizeof site);
    text += (text.empty() ? "" : ", ") + std::to_string(each.count) + " " + each.class_name +
            " (the first created at " + site + ")";
  }
  return text;
}

// Objects that were made through this Module hold its table, which goes with it. The library itself may be
// open elsewhere, and would not refuse.
bool is_in_use(const ModuleObject& module, std::size_t gone) {
  if (module.live <= gone && module.inside == 0) return false;
  const std::string living = module.live > gone ? living_in(tally_module_name(module.module))
                                                : std::to_string(module.inside) + " running calls";
  raise_own(TALLY_HAS_CHILDREN,
            "%s: has children: still live are %s; end them first, the module stays loaded",
            tally_module_path(module.module), living.c_str());
  return true;
}

PyObject* unload(PyObject* self, PyObject*) {
  ModuleObject& module = module_of(self);
  if (!module.module) Py_RETURN_NONE;
  const std::vector<pybind11::object> gone = gone_with_their_parent(module);
  if (is_in_use(module, gone.size())) return nullptr;
  close_gone(gone);
  tally_module* const library = module.module;
  if (!library) Py_RETURN_NONE;
  if (is_in_use(module, 0)) return nullptr;
  const tally_table_header* const api = module.api;
  module.module = nullptr;  // nobody may create through it meanwhile
  module.api = nullptr;
  const tally_status status = without_gil(module, [&] { return tally_module_unload(library); });
  if (status >= 0) {
    lose_references(module);
    Py_RETURN_NONE;
  }
  module.module = library;
  module.api = api;
  return raise(status, nullptr, 0);
}

PyObject* leave(PyObject* self, PyObject* const*, Py_ssize_t) {
  return unload(self, nullptr);
}

PyObject* get_name(PyObject* self, void*) {
  return Py_NewRef(module_of(self).name);
}
PyObject* get_path(PyObject* self, void*) {
  return Py_NewRef(module_of(self).path);
}
PyObject* is_closed(PyObject* self, void*) {
  return PyBool_FromLong(module_of(self).module == nullptr);
}

PyObject* represent(PyObject* self) {
  const ModuleObject& module = module_of(self);
  return PyUnicode_FromFormat("<%s %U from %U%s>", Py_TYPE(self)->tp_name, module.name, module.path,
                              module.module ? "" : ", unloaded");
}

PyMethodDef methods[] = {
    {"unload", unload, METH_NOARGS,
     "unload($self, /)\n--\n\nUnloads now. Raises HasChildrenError, and changes nothing, while an object or "
     "a blob of the "
     "module lives. Nothing happens if it is unloaded already."},
    {"__enter__", itself, METH_NOARGS, nullptr},
    {"__exit__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(leave)), METH_FASTCALL, nullptr},
    {"__reduce_ex__", refuse_pickle, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef properties[] = {{"name", get_name, nullptr, "The name that the module gives itself.", nullptr},
                            {"path", get_path, nullptr, "The file that it came from.", nullptr},
                            {"closed", is_closed, nullptr, "Whether it is unloaded.", nullptr},
                            {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMemberDef members[] = {{"__weaklistoffset__", T_PYSSIZET, offsetof(ModuleObject, weak), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};

struct Opened {
  tally_module* module;
  const tally_table_header* api;
};

PyObject* wrap(PyTypeObject* type, const Opened& opened) {
  PyObject* const self = type->tp_alloc(type, 0);
  if (!self) return nullptr;
  ModuleObject& module = module_of(self);
  module.forks = forks;
  module.name = PyUnicode_DecodeFSDefault(tally_module_name(opened.module));
  module.path = PyUnicode_DecodeFSDefault(tally_module_path(opened.module));
  if (!module.name || !module.path) {
    Py_DECREF(self);
    return nullptr;
  }
  module.module = opened.module;
  module.api = opened.api;
  return self;
}

}  // namespace

// Nothing of a module is left that holds it, but perhaps objects that others own: then it stays loaded, as it
// does when the process ends, and in a forked child, whose parent's it is.
void module_dealloc(PyObject* self) {
  ModuleObject& module = module_of(self);
  if (module.weak) PyObject_ClearWeakRefs(self);
  if (module.module && module.forks == forks && !is_finalizing()) {
    const SavedError saved;
    tally_module_unload(module.module);
  }
  Py_XDECREF(module.name);
  Py_XDECREF(module.path);
  PyTypeObject* const type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* load(PyTypeObject* type, PyObject* path,
               const tally_table_header* (*api_of)(tally_module* module, tally_error* error)) {
  PyObject* bytes = nullptr;
  if (!PyUnicode_FSConverter(path, &bytes)) return nullptr;
  Opened opened{nullptr, nullptr};
  PyThreadState* const state = PyEval_SaveThread();  // constructors of the library run
  opened.module = tally_module_load(PyBytes_AS_STRING(bytes), nullptr);
  if (opened.module) opened.api = api_of(opened.module, nullptr);
  tally_status status = opened.api ? TALLY_OK : tally_last_error()->status;
  take_gil(state);
  Py_DECREF(bytes);
  PyObject* const self = opened.api ? wrap(type, opened) : nullptr;
  if (self) return self;
  if (status < 0) raise(status, nullptr, 0);
  tally_module_unload(opened.module);
  return nullptr;
}

PyTypeObject* make_module_type() {
  PyType_Slot slots[] = {
      slot(Py_tp_dealloc, module_dealloc),
      slot(Py_tp_repr, represent),
      slot(Py_tp_methods, static_cast<void*>(methods)),
      slot(Py_tp_getset, static_cast<void*>(properties)),
      slot(Py_tp_members, static_cast<void*>(members)),
      slot(Py_tp_doc, const_cast<char*>("What every generated Module derives from: a loaded module. "
                                        "Its objects keep it loaded.")),
      {0, nullptr}};
  PyType_Spec spec = {"tallystick.Module", sizeof(ModuleObject), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

}  // namespace tally::python
