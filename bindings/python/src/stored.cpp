// Callables, and implementations of classes of the host's, that modules keep. Each has one reference to the
// Python object, which the owner that it was given through reports to the garbage collector, so that an
// owner, what it keeps and what that refers to can be collected together. An owner that ends stops reporting:
// what the module has not let go of by then is held from outside, and lives.
#include <new>
#include <utility>

#include "core_module.hpp"
#include "tally/python/gil.hpp"

namespace tally::python {
namespace {

void unlink(Stored& stored) {
  if (!stored.owner) return;
  (stored.previous ? stored.previous->next : stored.owner->stored) = stored.next;
  if (stored.next) stored.next->previous = stored.previous;
  stored.owner = nullptr;
  stored.next = nullptr;
  stored.previous = nullptr;
}

void link(Stored& stored, Object* owner) {
  if (!owner || !owner->token) return;
  stored.owner = owner;
  stored.next = owner->stored;
  if (stored.next) stored.next->previous = &stored;
  owner->stored = &stored;
}

}  // namespace

Stored* store(PyObject* target, ModuleObject* module, Stored** taker) {
  auto* const stored = new (std::nothrow) Stored{target, module, nullptr, nullptr, nullptr, taker};
  if (!stored) return PyErr_NoMemory(), nullptr;
  Py_INCREF(target);
  Py_INCREF(reinterpret_cast<PyObject*>(module));
  return stored;
}

void attach(Stored& stored, Object* owner) {
  stored.taker = nullptr;
  link(stored, owner);
}

void drop(Stored& stored) {
  if (stored.taker) *stored.taker = nullptr;
  unlink(stored);
  PyObject* const target = stored.target;
  PyObject* const module = reinterpret_cast<PyObject*>(stored.module);
  delete &stored;
  Py_DECREF(target);
  Py_DECREF(module);
}

void move_stored(Object& from, Object* to) {
  while (Stored* const stored = from.stored) {
    unlink(*stored);
    link(*stored, to);
  }
}

// When the interpreter has ended, what is kept stays.
void release(void* user) {
  if (!can_enter()) return;
  const PyGILState_STATE state = or_stop(PyGILState_Ensure);
  UnderWay* const call = std::exchange(*under_way(), nullptr);  // what a finaliser calls is no part of it
  PyObject* saved[3];
  PyErr_Fetch(&saved[0], &saved[1], &saved[2]);
  or_stop([&] {
    drop(*static_cast<Stored*>(user));
    PyErr_Restore(saved[0], saved[1], saved[2]);
  });
  *under_way() = call;
  PyGILState_Release(state);
}

}  // namespace tally::python
