// tallystick.Object, the base of every generated class: an instance owns one object of a module, keeps where
// it was made, and gives it back when it is closed, or in the end.
#include <unordered_set>
#include <utility>
#include <vector>

#include "core_module.hpp"
#include "structmember.h"
#include "tally/python/gil.hpp"

namespace tally::python {
namespace {

Object& object_of(PyObject* self) {
  return *reinterpret_cast<Object*>(self);
}

void join_list(Object& object, Object*& first) {
  object.next = first;
  if (first) first->previous = &object;
  first = &object;
}

void leave_list(Object& object, Object*& first) {
  (object.previous ? object.previous->next : first) = object.next;
  if (object.next) object.next->previous = object.previous;
  object.next = object.previous = nullptr;
}

void lose_reference(Object& object, const char* why) {
  if (!object.handle) return;
  object.handle = nullptr;
  object.end = why;
  leave_list(object, object.module->references);
}

// Closes; returns what the destroy came to.
tally_status end(Object& object, const char* why) {
  void* const token = object.token;
  lose(object, why);
  return without_gil(*object.module, [&] { return object.of->destroy(object.api, token); });
}

PyObject* close(PyObject* self, PyObject*) {
  Object& object = object_of(self);
  if (object.token) {
    const tally_status status = end(object, "it was closed before");
    if (status < 0) return raise(status, nullptr, 0);
  } else {
    lose_reference(object, "the reference was closed before");
  }
  Py_RETURN_NONE;
}

PyObject* leave(PyObject* self, PyObject* const*, Py_ssize_t) {
  return close(self, nullptr);
}

PyObject* is_closed(PyObject* self, void*) {
  return PyBool_FromLong(object_of(self).handle == nullptr);
}

PyObject* represent(PyObject* self) {
  const Object& object = object_of(self);
  const pybind11::object place = place_of(object);
  return PyUnicode_FromFormat("<%s%s%s%S>", object.of->name,
                              object.handle ? (object.token ? "" : " reference") : " closed",
                              place.is_none() ? "" : (object.handle ? " created at " : ", created at "),
                              place.is_none() ? pybind11::str("").ptr() : place.ptr());
}

PyObject* compare(PyObject* self, PyObject* other, int operation) {
  if ((operation != Py_EQ && operation != Py_NE) || !PyObject_TypeCheck(other, core->object))
    Py_RETURN_NOTIMPLEMENTED;
  const bool is_same = object_of(self).id == object_of(other).id;
  return PyBool_FromLong(is_same == (operation == Py_EQ));
}

Py_hash_t hash(PyObject* self) {
  const auto value = static_cast<Py_hash_t>(reinterpret_cast<std::uintptr_t>(object_of(self).id));
  return value == -1 ? -2 : value;
}

// Never closed: said where it was made, and given back. In a forked child the object is the parent's.
void finalize(PyObject* self) {
  Object& object = object_of(self);
  if (!object.token) return;
  if (object.forks != forks) {
    object.token = nullptr;
    object.handle = nullptr;
    move_stored(object, nullptr);
    return;
  }
  const SavedError saved;
  const pybind11::object place = place_of(object);
  const int refused = place.is_none() ? PyErr_ResourceWarning(self, 1, "unclosed %s", object.of->name)
                                      : PyErr_ResourceWarning(self, 1, "unclosed %s created at %S",
                                                              object.of->name, place.ptr());
  if (refused) PyErr_WriteUnraisable(self);
  if (!object.token) return;  // closed by whoever was warned
  const tally_status status = end(object, "it was finalised");
  if (status >= 0) return;
  raise(status, nullptr, 0);
  PyErr_WriteUnraisable(self);
}

void dealloc(PyObject* self) {
  Object& object = object_of(self);
  if (object.token && PyObject_CallFinalizerFromDealloc(self) < 0) return;
  forget_owner(self);
  if (object.module && !object.token) lose_reference(object, "");
  if (object.weak) PyObject_ClearWeakRefs(self);
  Py_XDECREF(object.code);
  Py_XDECREF(reinterpret_cast<PyObject*>(object.module));
  PyTypeObject* const type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

// For classes whose owners report what modules keep for them. Once an owner has ended, which the collector
// sees to before it clears anything, it reports nothing more: there is no tp_clear.
int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  for (const Stored* each = object_of(self).stored; each; each = each->next) Py_VISIT(each->target);
  return 0;
}

void dealloc_collected(PyObject* self) {
  const Object& object = object_of(self);
  if (object.token && PyObject_CallFinalizerFromDealloc(self) < 0) return;
  PyObject_GC_UnTrack(self);
  dealloc(self);
}

Py_ssize_t array_length(PyObject* self) {
  const Object& array = object_of(self);
  if (!array.handle) return raise_closed(self, "len"), -1;
  std::uint64_t size = 0;
  const tally_status status = array.of->elements->size(array.api, array.handle, &size);
  if (status < 0) return raise(status, nullptr, 0), -1;
  return static_cast<Py_ssize_t>(size);
}

PyObject* array_item(PyObject* self, Py_ssize_t index) {
  const Object& array = object_of(self);
  if (!array.handle) return raise_closed(self, (std::string(array.of->name) + "[]").c_str());
  const Elements& elements = *array.of->elements;
  const void* element = nullptr;
  const tally_status status =
      index < 0 ? TALLY_INVALID_ARGUMENT
                : elements.at(array.api, array.handle, static_cast<std::uint64_t>(index), &element);
  if (status == TALLY_INVALID_ARGUMENT) {
    PyErr_Format(PyExc_IndexError, "%s index out of range", array.of->name);
    return nullptr;
  }
  if (status < 0) return raise(status, nullptr, 0);
  return refer(*elements.type, *elements.of, array.module, element);
}

void fill(Object& object, const Class& of, ModuleObject* module) {
  object.id = object.handle;
  object.api = module->api;
  object.of = &of;
  Py_INCREF(reinterpret_cast<PyObject*>(module));
  object.module = module;
  object.forks = forks;
}

// A reference to what this owns or refers to.
PyObject* make_reference(PyObject* self, PyObject*) {
  const Object& owner = object_of(self);
  if (!owner.handle) return raise_closed(self, (std::string(owner.of->name) + ".ref").c_str());
  if (!owner.of->ref(owner.api, owner.handle)) return raise(tally_last_error()->status, nullptr, 0);
  PyObject* const made = refer(Py_TYPE(self), *owner.of, owner.module, owner.handle);
  if (!made) return nullptr;
  Object& object = object_of(made);
  object.code = reinterpret_cast<PyCodeObject*>(Py_XNewRef(reinterpret_cast<PyObject*>(owner.code)));
  object.instruction = owner.instruction;
  return made;
}

PyMethodDef with_methods[] = {
    {"__enter__", itself, METH_NOARGS, nullptr},
    {"__exit__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(leave)), METH_FASTCALL, nullptr}};

PyMethodDef methods[] = {
    {"ref", make_reference, METH_NOARGS,
     "ref($self, /)\n--\n\nA right to call the object that outlasts a transfer: it compares equal to the "
     "owner, calls the "
     "same object, whoever owns it, and does not own it. A call after the object's end is StaleHandleError."},
    {"close", close, METH_NOARGS,
     "close($self, /)\n--\n\nGives the object back now. Nothing happens if it is closed already."},
    with_methods[0],
    with_methods[1],
    {"__reduce_ex__", refuse_pickle, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef properties[] = {
    {"closed", is_closed, nullptr,
     "Whether the object is gone: closed, given away, or ended by a method that consumes it.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMemberDef members[] = {{"__weaklistoffset__", T_PYSSIZET, offsetof(Object, weak), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};

PyMemberDef module_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(ModuleObject, weak), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};

// Puts what `with` calls into the type itself: CPython binds a method faster if its type is the object's own
// and not a base of it.
bool add_with(PyTypeObject* type) {
  for (PyMethodDef& method : with_methods) {
    PyObject* const made = PyDescr_NewMethod(type, &method);
    const bool fine =
        made && PyObject_SetAttrString(reinterpret_cast<PyObject*>(type), method.ml_name, made) == 0;
    Py_XDECREF(made);
    if (!fine) return false;
  }
  return true;
}

void not_live_any_more(Object& object) {
  --object.module->live;
  if (object.of->ends_with_parent) leave_list(object, object.module->cascading);
}

void note_place(Object& object) {
  PyFrameObject* const frame = PyEval_GetFrame();
  if (!frame) return;
  object.code = PyFrame_GetCode(frame);
  object.instruction = PyFrame_GetLasti(frame);
}

}  // namespace

pybind11::object place_of(const Object& object) {
  if (!object.code) return pybind11::none();
  const int line = PyCode_Addr2Line(object.code, object.instruction);
  PyObject* const text = PyUnicode_FromFormat("%U:%d", object.code->co_filename, line);
  if (!text) PyErr_Clear();
  return text ? pybind11::reinterpret_steal<pybind11::object>(text) : pybind11::none();
}

void lose(Object& object, const char* why) {
  if (!object.token) return;
  object.token = nullptr;
  object.handle = nullptr;
  object.end = why;
  not_live_any_more(object);
  if (object.stored) move_stored(object, nullptr);
}

std::vector<pybind11::object> gone_with_their_parent(const ModuleObject& module) {
  std::vector<pybind11::object> gone;
  if (!module.cascading) return gone;
  std::unordered_set<std::uint64_t> living;
  const auto note = [](const tally_entry* entry, void* user) {
    static_cast<std::unordered_set<std::uint64_t>*>(user)->insert(entry->handle);
    return 0;
  };
  tally_ledger_live(tally_module_name(module.module), note, &living);
  for (Object* each = module.cascading; each; each = each->next) {
    if (living.count(reinterpret_cast<std::uint64_t>(each->handle)) == 0)
      gone.push_back(pybind11::reinterpret_borrow<pybind11::object>(reinterpret_cast<PyObject*>(each)));
  }
  return gone;
}

void close_gone(const std::vector<pybind11::object>& gone) {
  for (const pybind11::object& each : gone) {
    Object& object = object_of(each.ptr());
    if (object.token) end(object, "it ended with its parent");
  }
}

void lose_references(ModuleObject& module) {
  while (module.references) lose_reference(*module.references, "its module was unloaded");
}

PyObject* adopt(PyTypeObject* type, const Class& of, ModuleObject* module, void* token) {
  PyObject* const self = type->tp_alloc(type, 0);
  if (!self) {
    of.destroy(module->api, token);
    return nullptr;
  }
  Object& object = object_of(self);
  object.token = token;
  object.handle = of.ref(module->api, token);
  fill(object, of, module);
  ++module->live;
  if (of.ends_with_parent) join_list(object, module->cascading);
  note_place(object);
  track_owner(self);
  return self;
}

PyObject* refer(PyTypeObject* type, const Class& of, ModuleObject* module, const void* handle) {
  PyObject* const made = type->tp_alloc(type, 0);
  if (!made) return nullptr;
  Object& object = object_of(made);
  object.handle = handle;
  fill(object, of, module);
  join_list(object, module->references);
  return made;
}

// Closed while it is tried, since a destructor runs without the GIL; open again after a refusal.
PyObject* try_close(PyObject* self) {
  Object& object = object_of(self);
  if (!object.token) return close(self, nullptr);
  void* token = std::exchange(object.token, nullptr);
  const void* const handle = std::exchange(object.handle, nullptr);
  object.end = "it was closed before";
  const tally_status status =
      without_gil(*object.module, [&] { return object.of->try_destroy(object.api, &token); });
  if (!token) {
    not_live_any_more(object);
    move_stored(object, nullptr);
  } else {
    object.token = token;
    object.handle = handle;
  }
  if (status < 0) return raise(status, nullptr, 0);
  Py_RETURN_NONE;
}

PyTypeObject* make_object_type() {
  PyType_Slot slots[] = {
      slot(Py_tp_dealloc, dealloc),
      slot(Py_tp_finalize, finalize),
      slot(Py_tp_repr, represent),
      slot(Py_tp_richcompare, compare),
      slot(Py_tp_hash, hash),
      slot(Py_tp_methods, static_cast<void*>(methods)),
      slot(Py_tp_getset, static_cast<void*>(properties)),
      slot(Py_tp_members, static_cast<void*>(members)),
      slot(Py_tp_doc, const_cast<char*>("What every generated class derives from: an object of a "
                                        "module, owned by Python.")),
      {0, nullptr}};
  PyType_Spec spec = {"tallystick.Object", sizeof(Object), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

PyTypeObject* make_type(PyTypeObject* base, const char* name, const char* doc, PyMethodDef* own_methods,
                        newfunc make, vectorcallfunc call, unsigned traits) {
  const bool is_module = base == core->module;
  const bool is_collected = traits & kHoldsCallables;
  std::vector<PyType_Slot> slots = {
      slot(Py_tp_dealloc, is_module      ? module_dealloc
                          : is_collected ? dealloc_collected
                                         : dealloc),
      slot(Py_tp_methods, static_cast<void*>(own_methods)),
      slot(Py_tp_members, static_cast<void*>(is_module ? module_members : members)),
      slot(Py_tp_doc, const_cast<char*>(doc))};
  if (make) slots.push_back(slot(Py_tp_new, make));
  if (is_collected) slots.push_back(slot(Py_tp_traverse, traverse));
  if (traits & kIsArray) {
    slots.push_back(slot(Py_sq_length, array_length));
    slots.push_back(slot(Py_sq_item, array_item));
    slots.push_back(slot(Py_tp_iter, PySeqIter_New));
  }
  slots.push_back({0, nullptr});
  const unsigned long flags = Py_TPFLAGS_DEFAULT | (make ? 0 : Py_TPFLAGS_DISALLOW_INSTANTIATION) |
                              (is_collected ? Py_TPFLAGS_HAVE_GC : 0);
  PyType_Spec spec = {name, static_cast<int>(is_module ? sizeof(ModuleObject) : sizeof(Object)), 0,
                      static_cast<unsigned int>(flags), slots.data()};
  PyObject* const bases = PyTuple_Pack(1, base);
  auto* const made =
      bases ? reinterpret_cast<PyTypeObject*>(PyType_FromSpecWithBases(&spec, bases)) : nullptr;
  Py_XDECREF(bases);
  if (made) made->tp_vectorcall = call;
  if (!made || is_module || add_with(made)) return made;
  Py_DECREF(made);
  return nullptr;
}

}  // namespace tally::python
