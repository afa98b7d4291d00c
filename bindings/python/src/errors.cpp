// The exception classes: one for each status, made from one table.
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "core_module.hpp"
#include "tally/core.h"

namespace tally::python {
namespace {

enum class Kind { misuse, refusal };

struct Row {
  tally_status status;
  const char* name;         // of the class, and as an attribute of _core
  const char* status_name;  // as descriptions and the conformance table write it
  Kind kind;
  PyObject** also;  // a class of Python's that it is, too
  const char* doc;
};

const Row kRows[] = {
    {TALLY_STALE_HANDLE, "StaleHandleError", "stale_handle", Kind::misuse, nullptr,
     "The object has been destroyed."},
    {TALLY_ALREADY_DESTROYED, "AlreadyDestroyedError", "already_destroyed", Kind::misuse, nullptr,
     "The token was spent before."},
    {TALLY_GONE_WITH_PARENT, "GoneWithParentError", "gone_with_parent", Kind::misuse, nullptr,
     "The object went when its parent did."},
    {TALLY_WRONG_CLASS, "WrongClassError", "wrong_class", Kind::misuse, nullptr,
     "The object is of another class."},
    {TALLY_WRONG_PAIR, "WrongPairError", "wrong_pair", Kind::misuse, nullptr,
     "The token was given to a function of another kind than its creator's."},
    {TALLY_WRONG_MODULE, "WrongModuleError", "wrong_module", Kind::misuse, nullptr,
     "Another module made the object."},
    {TALLY_NEVER_ISSUED, "NeverIssuedError", "never_issued", Kind::misuse, nullptr,
     "No creator in this process ever returned this word."},
    {TALLY_NOT_OWNER, "NotOwnerError", "not_owner", Kind::misuse, nullptr,
     "The object belongs to somebody else."},
    {TALLY_BORROWED, "BorrowedError", "borrowed", Kind::misuse, nullptr,
     "A view or a call holds the object."},
    {TALLY_HAS_CHILDREN, "HasChildrenError", "has_children", Kind::misuse, nullptr,
     "Something of it is still live."},
    {TALLY_WRONG_THREAD, "WrongThreadError", "wrong_thread", Kind::misuse, nullptr,
     "The object belongs to another thread."},
    {TALLY_CONCURRENT_USE, "ConcurrentUseError", "concurrent_use", Kind::misuse, nullptr,
     "Another thread is inside the object."},
    {TALLY_OUT_OF_MEMORY, "OutOfMemoryError", "out_of_memory", Kind::refusal, &PyExc_MemoryError,
     "Out of memory."},
    {TALLY_LIMIT_REACHED, "LimitReachedError", "limit_reached", Kind::refusal, nullptr,
     "A limit of Tallystick's or of the host's is reached."},
    {TALLY_INVALID_ARGUMENT, "InvalidArgumentError", "invalid_argument", Kind::refusal, &PyExc_ValueError,
     "An argument's value is outside what the function takes."},
    {TALLY_NULL_ARGUMENT, "NullArgumentError", "null_argument", Kind::refusal, &PyExc_ValueError,
     "Something that must be there is not."},
    {TALLY_NOT_UTF8, "NotUtf8Error", "not_utf8", Kind::refusal, &PyExc_ValueError, "Text has no UTF-8 form."},
    {TALLY_VERSION_MISMATCH, "VersionMismatchError", "version_mismatch", Kind::refusal, nullptr,
     "Host and module speak different majors."},
    {TALLY_NOT_SUPPORTED, "NotSupportedError", "not_supported", Kind::refusal, nullptr,
     "The module lacks the function, the interface or the entry."},
    {TALLY_EXCEPTION, "ProviderError", "exception", Kind::refusal, nullptr,
     "The provider's code threw an exception that is none of the interface's errors."},
    {TALLY_SYSTEM_ERROR, "SystemCallError", "system_error", Kind::refusal, nullptr,
     "A file or a system call failed."},
};
constexpr std::size_t kCount = std::size(kRows);

// The classes, strong; plain pointers, so that nothing runs when the process ends.
PyObject* error_type;
PyObject* misuse_type;
PyObject* closed_type;
PyObject* types[kCount];

PyObject* make_class(const char* name, const char* doc, PyObject* bases, tally_status status,
                     const char* status_name) {
  PyObject* const members = Py_BuildValue("{s:i,s:s}", "status", status, "status_name", status_name);
  if (!members) return nullptr;
  PyObject* const made = PyErr_NewExceptionWithDoc(name, doc, bases, members);
  Py_DECREF(members);
  return made;
}

PyObject* shared_class(tally_status status) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (kRows[i].status == status) return types[i];
  }
  return nullptr;
}

PyObject* class_of(tally_status status, const ErrorClass* errors, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (errors[i].status == status) return errors[i].type;
  }
  PyObject* const shared = shared_class(status);
  return shared ? shared : error_type;
}

// A status that no class stands for is on the exception itself.
PyObject* instance(PyObject* type, tally_status status, const char* text) {
  PyObject* const message = PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(std::strlen(text)), "replace");
  PyObject* const made = message ? PyObject_CallOneArg(type, message) : nullptr;
  Py_XDECREF(message);
  if (!made || type != error_type) return made;
  PyObject* const number = PyLong_FromLong(status);
  if (!number || PyObject_SetAttrString(made, "status", number) < 0) PyErr_Clear();
  Py_XDECREF(number);
  return made;
}

PyObject* throw_instance(PyObject* type, tally_status status, const char* text) {
  if (PyObject* const made = instance(type, status, text)) {
    PyErr_SetObject(type, made);
    Py_DECREF(made);
  }
  return nullptr;
}

}  // namespace

void record(tally_status status, const char* text) {
  tally_fail(status, text);
}

void add_errors(pybind11::module_& module) {
  namespace py = pybind11;
  const auto own = [&](const char* attribute, PyObject* made) {
    if (!made) throw py::error_already_set();
    module.attr(attribute) = py::handle(made);
    return made;
  };
  error_type = own(
      "Error", make_class("tallystick.Error",
                          "A call failed and changed nothing. str() is the whole text: what was called on "
                          "which class, where the object was created, where it went, and what to do.\n\n"
                          "status: the number, below 0.\nstatus_name: \"stale_handle\", or the name of one "
                          "of the interface's own errors.",
                          PyExc_Exception, 0, "error"));
  misuse_type = own("MisuseError", make_class("tallystick.MisuseError", "A call broke an ownership rule.",
                                              error_type, 0, "misuse"));
  for (std::size_t i = 0; i < kCount; ++i) {
    const Row& row = kRows[i];
    PyObject* const base = row.kind == Kind::misuse ? misuse_type : error_type;
    py::tuple bases = py::make_tuple(py::handle(base));
    if (row.also) bases = py::make_tuple(py::handle(base), py::handle(*row.also));
    const std::string name = std::string("tallystick.") + row.name;
    types[i] = own(row.name, make_class(name.c_str(), row.doc, bases.ptr(), row.status, row.status_name));
  }
  const py::tuple bases =
      py::make_tuple(py::handle(shared_class(TALLY_STALE_HANDLE)), py::handle(PyExc_ValueError));
  closed_type = own("ClosedError",
                    make_class("tallystick.ClosedError",
                               "A call on something that is closed: closed before, given away, or ended by a "
                               "method that consumes it.",
                               bases.ptr(), TALLY_STALE_HANDLE, "stale_handle"));
}

PyObject* make_error(const char* name, const char* doc, tally_status status, const char* status_name) {
  return make_class(name, doc, error_type, status, status_name);
}

bool is_own_error(PyObject* raised) {
  return PyErr_GivenExceptionMatches(raised, error_type);
}

PyObject* raise(tally_status status, const ErrorClass* errors, std::size_t count) {
  const tally_error& last = *tally_last_error();
  const char* const text = last.status == status ? last.text : tally_status_text(status);
  return throw_instance(class_of(status, errors, count), status, text);
}

PyObject* raise_own(tally_status status, const char* format, ...) {
  char text[4 * sizeof(tally_error::text)];  // the last error cuts it between characters
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  record(status, text);
  return throw_instance(class_of(status, nullptr, 0), status, tally_last_error()->text);
}

namespace {

// What the module knows of an object that is gone: where it was made and given back, in the module's own
// terms.
std::string history_of(const Object& object) {
  if (!object.module->api || object.of->ref(object.api, object.id)) return "";
  const std::string text = tally_last_error()->text;
  const std::size_t at = text.find(": stale handle: ");
  return at == std::string::npos ? "" : ". " + text.substr(at + std::strlen(": stale handle: "));
}

}  // namespace

PyObject* raise_closed(PyObject* object, const char* function) {
  if (!PyObject_TypeCheck(object, core->object))
    return raise_closed(object, function, "it was closed before");
  const auto& closed = *reinterpret_cast<const Object*>(object);
  std::string how = closed.end ? closed.end : "it was closed before";
  const pybind11::object place = place_of(closed);
  if (!place.is_none()) how += "; created at " + place.cast<std::string>();
  return raise_closed(object, function, (how + history_of(closed)).c_str());
}

PyObject* raise_closed(PyObject* object, const char* function, const char* how) {
  const std::string text =
      std::string(function) + ": stale handle: operation on closed " + Py_TYPE(object)->tp_name + ": " + how;
  record(TALLY_STALE_HANDLE, text.c_str());
  return throw_instance(closed_type, TALLY_STALE_HANDLE, text.c_str());
}

pybind11::object last_error() {
  const tally_error& last = *tally_last_error();
  if (last.status == TALLY_OK) return pybind11::none();
  PyObject* const made = instance(class_of(last.status, nullptr, 0), last.status, last.text);
  if (!made) throw pybind11::error_already_set();
  return pybind11::reinterpret_steal<pybind11::object>(made);
}

}  // namespace tally::python
