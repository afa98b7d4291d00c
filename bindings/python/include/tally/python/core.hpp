// What tallystick._core and the generated extension modules share: the layouts of their objects, and the
// functions of _core, which a generated module gets from a capsule when it is imported. _core alone owns the
// shared types, so an error or a blob is the same type whichever module it comes from.
//
// Layouts and functions belong together: kLayout rises when any of them changes, and a module that was built
// for another one is refused when it is imported.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstddef>
#include <cstdint>

#include "tally/blob.h"
#include "tally/host.h"
#include "tally/ledger.h"
#include "tally/view.h"

static_assert(PY_VERSION_HEX >= 0x030B0000, "Tallystick's Python modules need Python 3.11 or newer");

namespace tally::python {

inline constexpr std::uint32_t kLayout = 2;
inline constexpr const char* kCapsule = "tallystick._core._api";

/// What a generated module says of one class. Constant.
struct Class {
  const char* name;       ///< "codec.Encoder"
  const char* interface;  ///< "codec"
  const char* plain;      ///< "encoder"
  tally_status (*destroy)(const void* api, void* token);
  tally_status (*try_destroy)(const void* api, void** token);  ///< null: counted
  const void* (*ref)(const void* api, const void* token);
  const struct Elements* elements;  ///< null: no array
  bool ends_with_parent;            ///< its objects can be gone while their owners are not closed
};

/// What an array's class says of its elements. Constant.
struct Elements {
  PyTypeObject* const* type;
  const Class* of;
  tally_status (*size)(const void* api, const void* array, std::uint64_t* out);
  tally_status (*at)(const void* api, const void* array, std::uint64_t index, const void** out);
};

/// What the type of a class needs beside its methods.
enum Traits : unsigned {
  kPlain = 0,
  kHoldsCallables = 1,  ///< its owners report callables to the garbage collector
  kIsArray = 2,         ///< a sequence
};

/// The instance struct of a loaded module: tallystick.Module, and what derives from it. Everything here is
/// read and written with the GIL held.
struct ModuleObject {
  PyObject_HEAD tally_module* module;  ///< null once it is unloaded
  const tally_table_header* api;       ///< of the one interface; null once it is unloaded
  std::size_t live;                    ///< objects made through this one that are not closed
  std::size_t inside;                  ///< calls that run without the GIL
  struct Object* references;           ///< those that are not closed
  struct Object* cascading;            ///< owners that are not closed, of classes that end with their parent
  PyObject* name;                      ///< str
  PyObject* path;                      ///< str
  PyObject* weak;
  std::uint32_t forks;  ///< *Core::forks when it was made
};

/// The instance struct of every generated class: an owner, or a reference, which `ref()` makes of one.
/// Everything here is read and written with the GIL held.
struct Object {
  PyObject_HEAD const void* handle;  ///< null: closed
  void* token;                       ///< null: closed, or a reference
  const void* api;  ///< good while there is a handle: what unloads the module closes the references to it
  const void* id;   ///< the handle, which stays after the end, to compare and to hash by
  const Class* of;
  ModuleObject* module;  ///< strong
  PyCodeObject* code;    ///< where it was made; null if no Python code made it
  PyObject* weak;
  const char* end;  ///< why it is closed, as "it was closed before"; static text
  Object* next;     ///< in the module's list of references, or of owners
  Object* previous;
  int instruction;        ///< in `code`
  std::uint32_t forks;    ///< *Core::forks when it was made
  struct Stored* stored;  ///< callables that the module keeps and this object reports; an owner's only
};

/// A callable, or an implementation of one of the host's classes, that a module keeps: its user data there.
/// Read and written with the GIL held.
struct Stored {
  PyObject* target;      ///< strong, and counted once: the owner reports it, if there is one
  ModuleObject* module;  ///< strong
  Object* owner;         ///< null: just held
  Stored* next;          ///< of the owner's
  Stored* previous;
  Stored** taker;  ///< of the call that gives it away, as long as that is under way: nulled on release
};

/// A call under way that can come back into Python, on the stack of its thread. An exception of a callback is
/// kept here until the call has ended.
struct UnderWay {
  UnderWay();
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  ~UnderWay();

  UnderWay** innermost;  ///< the thread's
  UnderWay* outer;
  PyObject* raised = nullptr;  ///< strong
  tally_status status = TALLY_OK;
  char text[256];  ///< how its text in the last error begins
};

/// A call from a module into Python, on the stack.
struct Entry {
  PyGILState_STATE gil;
  PyObject* target;      ///< strong: the module may let go of it meanwhile
  ModuleObject* module;  ///< strong
  UnderWay* outer;       ///< the call that this one is part of; null: none that Python waits for
  PyObject* saved[3];    ///< the Python error that was set
  tally_status status;   ///< what it comes to
  char text[640];        ///< of the failure
};

/// One of an interface's own errors.
struct ErrorClass {
  tally_status status;
  PyObject* type;  ///< strong, from the import on
};

/// An enum of an interface.
struct EnumClass {
  const char* name;    ///< "codec.Mode"
  PyTypeObject* type;  ///< strong, from the import on
  PyObject* members;   ///< number to member; strong, from the import on
};

/// The parameters of one function, as a call's arguments are matched with them. Constant.
struct Parameters {
  const char* function;      ///< "codec.Encoder.write"
  const char* const* names;  ///< `count` of them
  int count;
  int required;
  int positional;  ///< the first ones that can't be named
};

/// The functions of _core. All need the GIL. Those that return an object or false have set a Python error on
/// failure.
struct Core {
  std::uint32_t layout;        ///< kLayout
  const std::uint32_t* forks;  ///< how often this process came out of a fork as the child

  PyTypeObject* object;  ///< tallystick.Object
  PyTypeObject* module;  ///< tallystick.Module
  PyTypeObject* blob;    ///< tallystick.Blob
  PyTypeObject* view;    ///< tallystick.View

  /// Makes a type that derives from `base` (object or module), with what every such type has.
  PyTypeObject* (*make_type)(PyTypeObject* base, const char* name, const char* doc, PyMethodDef* methods,
                             newfunc make, vectorcallfunc call, unsigned traits);
  /// Makes an exception class "codec.CorruptInput" that derives from tallystick.Error.
  PyObject* (*make_error)(const char* name, const char* doc, tally_status status, const char* status_name);

  /// An object that owns `token`, and keeps where it was made. Consumes the token also on failure.
  PyObject* (*adopt)(PyTypeObject* type, const Class& of, ModuleObject* module, void* token);
  /// A reference: an object that has the handle, and owns nothing.
  PyObject* (*refer)(PyTypeObject* type, const Class& of, ModuleObject* module, const void* handle);
  /// Closes an owner unless something holds its object.
  PyObject* (*try_close)(PyObject* self);

  /// A blob that owns *blob, which is then empty. Consumes it also on failure.
  PyObject* (*adopt_blob)(ModuleObject* module, tally_blob* blob);
  /// The blob's content as a str; frees it, also on failure.
  PyObject* (*text_of)(tally_blob* blob);
  /// The memory of an open blob, to be given away: nobody closes or reads it until return_blob says what came
  /// of it.
  bool (*lend_blob)(PyObject* blob, const char* function, tally_blob& out);
  void (*return_blob)(PyObject* blob, bool is_taken);
  /// A view that owns *view, which is then empty. Consumes it also on failure.
  PyObject* (*adopt_view)(ModuleObject* module, tally_view* view, bool is_text);

  /// Keeps a callable for a module; null on failure. *taker is the result, until the module releases it.
  Stored* (*store)(PyObject* target, ModuleObject* module, Stored** taker);
  /// The module has it now, and `owner` (may be null) reports it.
  void (*attach)(Stored& stored, Object* owner);
  /// The module did not take it.
  void (*drop)(Stored& stored);
  /// What `from` reports, `to` reports from now on; null: nobody.
  void (*move_stored)(Object& from, Object* to);
  /// The module lets go. Needs no GIL.
  void (*release)(void* user);
  /// The innermost call under way on this thread.
  UnderWay** (*under_way)();
  /// The call has ended: raises what a callback raised if the call failed of it, else reports that.
  void (*settle)(UnderWay& call);
  /// Enters Python for a module; false if that can't be any more. Needs no GIL, and holds it afterwards.
  bool (*enter)(Entry& entry, void* user);
  /// The Python error that is set is the call's failure.
  tally_status (*fail)(Entry& entry);
  void (*leave)(Entry& entry, bool has_entered);

  /// The object has been taken by a call: it is closed now, if it was an owner. `why` is static text.
  void (*lose)(Object& object, const char* why);

  /// Loads a file and gets the table of one interface.
  PyObject* (*load)(PyTypeObject* type, PyObject* path,
                    const tally_table_header* (*api_of)(tally_module* module, tally_error* error));

  /// Raises the thread's last failure; null.
  PyObject* (*raise)(tally_status status, const ErrorClass* errors, std::size_t count);
  /// Raises ClosedError: `object` is an Object, a ModuleObject or a Blob; null.
  PyObject* (*raise_closed)(PyObject* object, const char* function);

  /// Puts the arguments of a call where their parameters are, null for those that have a default and are not
  /// given.
  bool (*bind)(const Parameters& parameters, PyObject* const* given, Py_ssize_t count, PyObject* names,
               PyObject** out);
  /// Calls a vectorcall with the arguments of a tp_new.
  PyObject* (*call)(vectorcallfunc function, PyTypeObject* type, PyObject* positional, PyObject* named);
  /// TypeError: not of the type that the parameter has; false.
  bool (*wrong_type)(const Parameters& parameters, int index, const char* wanted, PyObject* given);
  /// OverflowError: outside of the parameter's range, whose ends are decimal numbers; false.
  bool (*out_of_range)(const Parameters& parameters, int index, const char* least, const char* most,
                       PyObject* given);
  /// A str has no UTF-8 form; false.
  bool (*not_utf8)(const Parameters& parameters, int index);
};

/// In place of a parameter's index: what a callback returned.
inline constexpr int kResult = -1;

/// Of this extension module, from its import on.
inline const Core* core = nullptr;

inline UnderWay::UnderWay() : innermost(core->under_way()), outer(*innermost) {
  *innermost = this;
}
inline UnderWay::~UnderWay() {
  *innermost = outer;
  if (raised) core->settle(*this);
}

/// No package of that name, or another one: says what this module wants. Every other error stays.
inline void name_the_missing_package() {
  if (!PyErr_ExceptionMatches(PyExc_ModuleNotFoundError)) return;
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_Format(
      PyExc_ModuleNotFoundError,
      "%S: this extension module rests on the package tallystick, which has to be importable: 'pip "
      "install' it, or put the folder it is in on PYTHONPATH (of an installed Tallystick, site-packages "
      "in its library folder)",
      value);
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(trace);
}

/// Finds _core; false, with a Python error set, if there is none or it is of another layout.
inline bool find_core() {
  // A capsule's import would not say why it failed.
  PyObject* const package = PyImport_ImportModule("tallystick._core");
  if (!package) {
    name_the_missing_package();
    return false;
  }
  Py_DECREF(package);
  const auto* const found = static_cast<const Core*>(PyCapsule_Import(kCapsule, 0));
  if (found && found->layout == kLayout) core = found;
  if (found && !core) {
    PyErr_Format(PyExc_ImportError,
                 "this module was built for another release of the package tallystick (its layout is %u, the "
                 "package's "
                 "%u): build it again",
                 kLayout, found->layout);
  }
  return core != nullptr;
}

}  // namespace tally::python
