// The parts of tallystick._core. Each .cpp makes one kind of thing; module.cpp puts them together.
#pragma once

#include <pybind11/pybind11.h>

#include <vector>

#include "tally/python/core.hpp"

namespace tally::python {

/// A heap type's slots, with what C++ needs to put functions into them.
inline PyType_Slot slot(int id, void* value) {
  return {id, value};
}
template <class Result, class... Parameters>
PyType_Slot slot(int id, Result (*function)(Parameters...)) {
  return {id, reinterpret_cast<void*>(function)};
}

/// The Python error that is set, put away; put back when this ends.
class SavedError {
 public:
  SavedError() { PyErr_Fetch(&type_, &value_, &traceback_); }
  SavedError(const SavedError&) = delete;
  SavedError& operator=(const SavedError&) = delete;
  ~SavedError() { PyErr_Restore(type_, value_, traceback_); }

 private:
  PyObject* type_;
  PyObject* value_;
  PyObject* traceback_;
};

/// Whether the interpreter is ending.
inline bool is_finalizing() {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing();
#else
  return _Py_IsFinalizing();
#endif
}

inline PyObject* refuse_pickle(PyObject* self, PyObject*) {
  PyErr_Format(PyExc_TypeError, "cannot pickle or copy '%s' object: it owns something outside of Python",
               Py_TYPE(self)->tp_name);
  return nullptr;
}

inline PyObject* itself(PyObject* self, PyObject*) {
  Py_INCREF(self);
  return self;
}

/// How often this process came out of a fork as the child.
extern std::uint32_t forks;

// errors.cpp
void add_errors(pybind11::module_& module);
PyObject* make_error(const char* name, const char* doc, tally_status status, const char* status_name);
PyObject* raise(tally_status status, const ErrorClass* errors, std::size_t count);
/// Raises the shared class of this status, with a text of our own, which becomes the thread's last error;
/// null.
PyObject* raise_own(tally_status status, const char* format, ...) __attribute__((format(printf, 2, 3)));
PyObject* raise_closed(PyObject* object, const char* function);
PyObject* raise_closed(PyObject* object, const char* function, const char* how);
/// Whether an exception is a tallystick.Error.
bool is_own_error(PyObject* raised);
/// Makes the text the thread's last error, as every failed call does.
void record(tally_status status, const char* text);
/// The thread's last failure as an exception that is not raised; None if there is none.
pybind11::object last_error();

// object.cpp
PyTypeObject* make_object_type();
PyTypeObject* make_type(PyTypeObject* base, const char* name, const char* doc, PyMethodDef* methods,
                        newfunc make, vectorcallfunc call, unsigned traits);
PyObject* refer(PyTypeObject* type, const Class& of, ModuleObject* module, const void* handle);
PyObject* try_close(PyObject* self);
PyObject* adopt(PyTypeObject* type, const Class& of, ModuleObject* module, void* token);
void lose(Object& object, const char* why);
/// Closes all references to objects of the module, which is unloaded.
void lose_references(ModuleObject& module);
/// The owners of what has ended with its parent.
std::vector<pybind11::object> gone_with_their_parent(const ModuleObject& module);
/// Closes those; other threads run meanwhile.
void close_gone(const std::vector<pybind11::object>& gone);
/// "host.py:12"; empty if the place is not known.
pybind11::object place_of(const Object& object);

// owners.cpp
/// Whether somebody wants to know of owners: an owner that is made is noted then.
extern bool owners_are_tracked;
void note_owner(PyObject* self);
inline void track_owner(PyObject* self) {
  if (owners_are_tracked) note_owner(self);
}
/// It goes.
void forget_owner(PyObject* self);
/// The ledger's handle of what an owner (an Object, Blob or View) owns; 0 if it owns nothing.
std::uint64_t handle_owned_by(PyObject* self);
void add_owners(pybind11::module_& module);

// loaded_module.cpp
PyTypeObject* make_module_type();
PyObject* load(PyTypeObject* type, PyObject* path,
               const tally_table_header* (*api_of)(tally_module* module, tally_error* error));
void module_dealloc(PyObject* self);

// blob.cpp
PyTypeObject* make_blob_type();
PyObject* adopt_blob(ModuleObject* module, tally_blob* blob);
PyObject* text_of(tally_blob* blob);
bool lend_blob(PyObject* blob, const char* function, tally_blob& out);
void return_blob(PyObject* blob, bool is_taken);
const void* token_of_blob(PyObject* blob);

// view.cpp
PyTypeObject* make_view_type();
PyObject* adopt_view(ModuleObject* module, tally_view* view, bool is_text);
const void* token_of_view(PyObject* view);

// stored.cpp
Stored* store(PyObject* target, ModuleObject* module, Stored** taker);
void attach(Stored& stored, Object* owner);
void drop(Stored& stored);
void move_stored(Object& from, Object* to);
void release(void* user);

// callbacks.cpp
/// Whether a thread may take the GIL: not when the interpreter has begun to end.
bool can_enter();
UnderWay** under_way();
void settle(UnderWay& call);
bool enter(Entry& entry, void* user);
tally_status fail(Entry& entry);
void leave(Entry& entry, bool has_entered);

// arguments.cpp
bool bind_slowly(const Parameters& parameters, PyObject* const* given, Py_ssize_t count, PyObject* names,
                 PyObject** out);
PyObject* call_vector(vectorcallfunc function, PyTypeObject* type, PyObject* positional, PyObject* named);
bool wrong_type(const Parameters& parameters, int index, const char* wanted, PyObject* given);
bool out_of_range(const Parameters& parameters, int index, const char* least, const char* most,
                  PyObject* given);
bool not_utf8(const Parameters& parameters, int index);

// ledger.cpp
void add_ledger(pybind11::module_& module);

}  // namespace tally::python
