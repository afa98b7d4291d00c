// Calls without the GIL, for functions that do work: other Python threads run meanwhile.
//
// A thread that wants the GIL back after the interpreter has ended does not get it: up to Python 3.13 CPython
// ends the thread by unwinding its stack, which would run destructors that need the GIL, and aborts at the
// first noexcept. Such a thread stops here instead, as it does in Python 3.14; the process ends without it.
#pragma once

#include <unistd.h>

#include "tally/python/core.hpp"

namespace tally::python {

/// Runs what may wait for the GIL: whatever takes it, and all that may run Python code.
template <class Run>
auto or_stop(Run run) {
  try {
    return run();
  } catch (...) {
    for (;;) pause();
  }
}

inline void take_gil(PyThreadState* state) {
  or_stop([&] { PyEval_RestoreThread(state); });
}

/// Runs `call`, which must not touch Python, without the GIL. The module refuses to be unloaded meanwhile.
template <class Call>
auto without_gil(ModuleObject& module, Call call) {
  ++module.inside;
  PyThreadState* const state = PyEval_SaveThread();
  const auto result = call();
  take_gil(state);
  --module.inside;
  return result;
}

}  // namespace tally::python
