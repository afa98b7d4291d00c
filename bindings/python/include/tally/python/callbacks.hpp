// Callables and implementations that are given to a module, and the module's calls back to them.
//
// Each is kept until the module releases it, also after the end of the call and of the object that took it. A
// call into Python takes the GIL, on whatever thread. What an exception comes to is in the package's README.
#pragma once

#include <initializer_list>

#include "tally/python/arguments.hpp"
#include "tally/python/core.hpp"
#include "tally/python/gil.hpp"

namespace tally::python {

/// The release of every callback, and the destroy of every implementation.
inline void TALLY_CALL release(void* user) {
  core->release(user);
}

/// Something of Python's that a call gives to a module: dropped if the call fails.
class Keeper {
 public:
  Keeper() = default;
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  ~Keeper() {
    if (stored_) core->drop(*stored_);
  }

  bool keep(PyObject* target, ModuleObject* module) {
    stored_ = core->store(target, module, &stored_);
    return stored_ != nullptr;
  }

  /// The user data.
  void* user() const { return stored_; }

  /// The call has taken it: `owner`, if there is one, reports it to the garbage collector.
  void settle(Object* owner) {
    if (stored_) core->attach(*std::exchange(stored_, nullptr), owner);
  }

 private:
  Stored* stored_ = nullptr;  // null again if the module has released it before its call has ended
};

/// A callable that is given, as C's struct of a callback.
template <class Struct>
class Callback {
 public:
  explicit Callback(decltype(Struct::call) call) { value_.call = call; }

  bool take(const Parameters& parameters, int index, PyObject* given) {
    if (!PyCallable_Check(given)) return core->wrong_type(parameters, index, "callable", given);
    target_ = given;
    return true;
  }
  bool keep(ModuleObject* module) {
    if (!keeper_.keep(target_, module)) return false;
    value_.user = keeper_.user();
    value_.release = release;
    return true;
  }
  const Struct* word() const { return &value_; }
  void settle(Object* owner) { keeper_.settle(owner); }

 private:
  Struct value_ = {};
  PyObject* target_ = nullptr;
  Keeper keeper_;
};

/// An object that implements a class of the host's: it has the methods, all of them. A class has them for its
/// instances.
template <std::size_t count>
bool take_implementation(const Parameters& parameters, int index, PyObject* given,
                         const char* const (&methods)[count]) {
  if (PyType_Check(given)) {
    const char* const name = reinterpret_cast<PyTypeObject*>(given)->tp_name;
    PyErr_Format(
        PyExc_TypeError,
        "%s: argument '%s' must be an object with the methods, not the class '%s': pass an instance, %s()",
        parameters.function, parameters.names[index], name, name);
    return false;
  }
  for (const char* const name : methods) {
    PyObject* const method = PyObject_GetAttrString(given, name);
    const bool is_callable = method && PyCallable_Check(method);
    Py_XDECREF(method);
    if (is_callable) continue;
    if (!method && !PyErr_ExceptionMatches(PyExc_AttributeError)) return false;
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError,
                 "%s: argument '%s' must implement the method '%s', which '%s' does not have",
                 parameters.function, parameters.names[index], name, Py_TYPE(given)->tp_name);
    return false;
  }
  return true;
}

/// A module's call into Python, with the GIL held until it ends.
class Upcall {
 public:
  explicit Upcall(void* user) : has_entered_(core->enter(entry_, user)) {}
  Upcall(const Upcall&) = delete;
  Upcall& operator=(const Upcall&) = delete;
  ~Upcall() {
    if (has_entered_) or_stop([&] { Py_XDECREF(result_); });
    core->leave(entry_, has_entered_);
  }

  /// False once the interpreter has ended: status() is then the result.
  explicit operator bool() const { return has_entered_; }
  tally_status status() const { return entry_.status; }

  /// The module that calls; null, with an error set, if it is being unloaded.
  ModuleObject* module(const Parameters& of) const {
    if (entry_.module->api) return entry_.module;
    core->raise_closed(reinterpret_cast<PyObject*>(entry_.module), of.function);
    return nullptr;
  }

  /// Calls the callable with arguments that this consumes; one that is null has failed. The result is lent.
  PyObject* call(std::initializer_list<PyObject*> arguments) {
    return finish(arguments, [&] {
      return PyObject_Vectorcall(entry_.target, arguments.begin(), arguments.size(), nullptr);
    });
  }
  /// The same for a method of the implementation.
  PyObject* call_method(const char* name, std::initializer_list<PyObject*> arguments) {
    return finish(arguments, [&]() -> PyObject* {
      PyObject* const method = PyObject_GetAttrString(entry_.target, name);
      if (!method) return nullptr;
      PyObject* const result = PyObject_Vectorcall(method, arguments.begin(), arguments.size(), nullptr);
      Py_DECREF(method);
      return result;
    });
  }

  /// The Python error that is set is the call's failure.
  tally_status fail() { return core->fail(entry_); }

 private:
  template <class Call>
  PyObject* finish(std::initializer_list<PyObject*> arguments, Call make) {
    return or_stop([&] {
      bool are_whole = true;
      for (PyObject* const each : arguments) are_whole = are_whole && each;
      result_ = are_whole ? make() : nullptr;
      for (PyObject* const each : arguments) Py_XDECREF(each);
      return result_;
    });
  }

  Entry entry_;
  PyObject* result_ = nullptr;
  bool has_entered_;
};

/// An object that a module gives along with a call into Python. Python has it if the call succeeds; if it
/// fails, and Python has neither closed nor passed it on, it goes back.
template <class Word>
class Received {
 public:
  Received(ModuleObject* module, PyTypeObject* type, const Class& of, Word** word) : word_(word) {
    if (!module) return;
    object_ = or_stop([&] { return core->adopt(type, of, module, *word); });
    if (!object_) *word_ = nullptr;
  }
  Received(const Received&) = delete;
  Received& operator=(const Received&) = delete;
  ~Received() {
    if (!object_) return;
    auto& object = *reinterpret_cast<Object*>(object_);
    if (!is_kept_ && object.token == *word_) {
      core->lose(object, "the callback that was given it failed");
    } else {
      *word_ = nullptr;
    }
    or_stop([&] { Py_DECREF(object_); });
  }

  /// For the call's arguments.
  PyObject* argument() const { return Py_XNewRef(object_); }
  void keep() { is_kept_ = true; }

 private:
  Word** word_;
  PyObject* object_ = nullptr;
  bool is_kept_ = false;
};

/// The handle that a module lends along with a call into Python: a reference, which is good for longer.
inline PyObject* lent(ModuleObject* module, PyTypeObject* type, const Class& of, const void* handle) {
  return module ? or_stop([&] { return core->refer(type, of, module, handle); }) : nullptr;
}

/// Text and bytes that are lent for the call. Python can't be kept from holding on to them, so they are
/// copied.
inline PyObject* from_text(const char* data, std::size_t size) {
  return PyUnicode_DecodeUTF8(data, static_cast<Py_ssize_t>(size), nullptr);
}
inline PyObject* from_bytes(const std::uint8_t* data, std::size_t size) {
  return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(data), static_cast<Py_ssize_t>(size));
}

/// What a method of an implementation returns, as memory of the module's.
template <class Source, class Allocate>
bool give_result(const Upcall& call, const Parameters& of, PyObject* result, Allocate allocate,
                 tally_blob* out) {
  ModuleObject* const module = call.module(of);
  GivenMemory<Source> memory;
  if (!module || !memory.take(of, kResult, result)) return false;
  const tally_status status = memory.make(*module, allocate(module->api));
  if (status < 0) return core->raise(status, nullptr, 0), false;
  *out = memory.release();
  return true;
}

}  // namespace tally::python
