// From a module into Python, and what becomes of exceptions there. Such an exception fails the call that the
// module was in: it is kept beside that call, and raised again, the same object, when the call has failed of
// it. Where Python waits for no call, or the author's code got over the failure, sys.unraisablehook gets it.
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "core_module.hpp"
#include "tally/python/gil.hpp"

namespace tally::python {
namespace {

thread_local UnderWay* innermost = nullptr;

// The Python error that is set, as an exception with its traceback. Strong.
PyObject* take_raised() {
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback) PyException_SetTraceback(value, traceback);
  Py_XDECREF(type);
  Py_XDECREF(traceback);
  return value;
}

// Sets it again. Consumes it.
void raise_again(PyObject* raised) {
  PyErr_Restore(Py_NewRef(reinterpret_cast<PyObject*>(Py_TYPE(raised))), raised,
                PyException_GetTraceback(raised));
}

void report(PyObject* raised, PyObject* where) {
  const SavedError saved;
  raise_again(raised);
  PyErr_WriteUnraisable(where);
}

// Tallystick's own errors keep their status, so that an author's code can tell them apart.
tally_status status_of(PyObject* raised) {
  if (PyErr_GivenExceptionMatches(raised, PyExc_MemoryError)) return TALLY_OUT_OF_MEMORY;
  PyObject* const number = is_own_error(raised) ? PyObject_GetAttrString(raised, "status") : nullptr;
  const long status = number && PyLong_Check(number) ? PyLong_AsLong(number) : 0;
  Py_XDECREF(number);
  PyErr_Clear();
  return status < 0 && status >= INT32_MIN ? static_cast<tally_status>(status) : TALLY_EXCEPTION;
}

// "ValueError: no such thing", cut at a character.
void describe(PyObject* raised, char* out, std::size_t room) {
  PyObject* const words = PyObject_Str(raised);
  if (!words) PyErr_Clear();
  PyObject* const whole = words && PyUnicode_GET_LENGTH(words) > 0
                              ? PyUnicode_FromFormat("%s: %U", Py_TYPE(raised)->tp_name, words)
                              : PyUnicode_FromString(Py_TYPE(raised)->tp_name);
  PyObject* const bytes = whole ? PyUnicode_AsEncodedString(whole, "utf-8", "replace") : nullptr;
  if (!bytes) PyErr_Clear();
  std::string_view text = bytes ? PyBytes_AS_STRING(bytes) : Py_TYPE(raised)->tp_name;
  if (text.size() >= room) {
    std::size_t end = room - 1;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end);
  }
  out[text.copy(out, text.size())] = '\0';
  Py_XDECREF(bytes);
  Py_XDECREF(whole);
  Py_XDECREF(words);
}

bool failed_of(const UnderWay& call) {
  const tally_error& last = *tally_last_error();
  return last.status == call.status && std::strstr(last.text, call.text);
}

}  // namespace

bool can_enter() {
  return Py_IsInitialized() && !is_finalizing();
}

UnderWay** under_way() {
  return &innermost;
}

void settle(UnderWay& call) {
  PyObject* const raised = std::exchange(call.raised, nullptr);
  if (!PyErr_Occurred()) return report(raised, nullptr);
  if (failed_of(call)) {
    PyErr_Clear();
    return raise_again(raised);
  }
  PyObject* const failure = take_raised();
  PyException_SetCause(failure, raised);
  raise_again(failure);
}

// Python code that the module calls is no part of the call that the module is in: what it calls itself is.
bool enter(Entry& entry, void* user) {
  entry.status = TALLY_OK;
  if (!can_enter()) {
    entry.status = TALLY_EXCEPTION;
    std::snprintf(entry.text, sizeof entry.text,
                  "the Python interpreter has ended, and can't be called any more");
    return false;
  }
  entry.gil = or_stop(PyGILState_Ensure);
  const Stored& stored = *static_cast<const Stored*>(user);
  entry.target = Py_NewRef(stored.target);
  entry.module = stored.module;
  Py_INCREF(reinterpret_cast<PyObject*>(entry.module));
  entry.outer = std::exchange(innermost, nullptr);
  PyErr_Fetch(&entry.saved[0], &entry.saved[1], &entry.saved[2]);
  return true;
}

namespace {

tally_status note_failure(Entry& entry) {
  PyObject* const raised = take_raised();
  entry.status = status_of(raised);
  describe(raised, entry.text, sizeof entry.text);
  UnderWay* const call = entry.outer;
  if (!call) {
    report(raised, entry.target);
    return entry.status;
  }
  if (PyObject* const earlier = std::exchange(call->raised, raised)) report(earlier, entry.target);
  call->status = entry.status;
  describe(raised, call->text, sizeof call->text);
  return entry.status;
}

}  // namespace

tally_status fail(Entry& entry) {
  return or_stop([&] { return note_failure(entry); });
}

// The last error is written when nothing of Python's can overwrite it any more.
void leave(Entry& entry, bool has_entered) {
  if (has_entered) {
    or_stop([&] {
      Py_DECREF(entry.target);
      Py_DECREF(reinterpret_cast<PyObject*>(entry.module));
      PyErr_Restore(entry.saved[0], entry.saved[1], entry.saved[2]);
    });
    innermost = entry.outer;
    PyGILState_Release(entry.gil);
  }
  if (entry.status < 0) record(entry.status, entry.text);
}

}  // namespace tally::python
