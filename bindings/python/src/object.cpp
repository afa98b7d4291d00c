// tallystick.Object, the base of every generated class: an instance owns one object of a module, keeps where
// it was made, and gives it back when it is closed, or in the end.
#include "core_module.hpp"
#include "structmember.h"
#include "tally/python/gil.hpp"

namespace tally::python {
namespace {

Object& object_of(PyObject* self) {
  return *reinterpret_cast<Object*>(self);
}

void lose_reference(Object& object, const char* why) {
  if (!object.handle) return;
  object.handle = nullptr;
  object.end = why;
  (object.previous ? object.previous->next : object.module->references) = object.next;
  if (object.next) object.next->previous = object.previous;
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
  if (object.module && !object.token) lose_reference(object, "");
  if (object.weak) PyObject_ClearWeakRefs(self);
  Py_XDECREF(object.code);
  Py_XDECREF(reinterpret_cast<PyObject*>(object.module));
  PyTypeObject* const type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
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
  PyObject* const made = Py_TYPE(self)->tp_alloc(Py_TYPE(self), 0);
  if (!made) return nullptr;
  Object& object = object_of(made);
  object.handle = owner.handle;
  fill(object, *owner.of, owner.module);
  object.code = reinterpret_cast<PyCodeObject*>(Py_XNewRef(reinterpret_cast<PyObject*>(owner.code)));
  object.instruction = owner.instruction;
  object.next = owner.module->references;
  if (object.next) object.next->previous = &object;
  owner.module->references = &object;
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
  --object.module->live;
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
  note_place(object);
  return self;
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
                        newfunc make, vectorcallfunc call) {
  const bool is_module = base == core->module;
  PyType_Slot slots[] = {slot(Py_tp_dealloc, is_module ? module_dealloc : dealloc),
                         slot(Py_tp_methods, static_cast<void*>(own_methods)),
                         slot(Py_tp_members, static_cast<void*>(is_module ? module_members : members)),
                         slot(Py_tp_doc, const_cast<char*>(doc)),
                         make ? slot(Py_tp_new, make) : PyType_Slot{0, nullptr},
                         {0, nullptr}};
  const unsigned int flags = Py_TPFLAGS_DEFAULT | (make ? 0 : Py_TPFLAGS_DISALLOW_INSTANTIATION);
  PyType_Spec spec = {name, static_cast<int>(is_module ? sizeof(ModuleObject) : sizeof(Object)), 0, flags,
                      slots};
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
