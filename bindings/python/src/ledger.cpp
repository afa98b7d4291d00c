// Reading the ledger: plain tuples, which tallystick/__init__.py makes named ones of.
#include <pybind11/stl.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "core_module.hpp"
#include "tally/python/gil.hpp"

namespace tally::python {
namespace py = pybind11;
namespace {

std::string text_of(tally_site site) {
  char text[512];
  tally_site_text(site, text, sizeof text);
  return text;
}

struct Rows {
  py::list list;
  std::exception_ptr failure;
};

// Runs inside a C visitor, which no exception may leave.
template <class Make>
int append(void* user, Make make) {
  Rows& rows = *static_cast<Rows*>(user);
  try {
    rows.list.append(make());
    return 0;
  } catch (...) {
    rows.failure = std::current_exception();
    return 1;
  }
}

int add_balance(const tally_balance* balance, void* user) {
  return append(user, [&] {
    return py::make_tuple(balance->module, balance->class_name, balance->issued, balance->retired,
                          balance->live, balance->deferred, balance->bytes);
  });
}

int add_entry(const tally_entry* entry, void* user) {
  return append(user, [&] {
    return py::make_tuple(entry->module, entry->class_name, entry->handle, text_of(entry->created),
                          entry->thread, entry->deferred != 0);
  });
}

const char* or_null(const std::optional<std::string>& module) {
  return module ? module->c_str() : nullptr;
}

py::list checked(Rows& rows) {
  if (rows.failure) std::rethrow_exception(rows.failure);
  return rows.list;
}

py::list balances(const std::optional<std::string>& module) {
  Rows rows;
  tally_ledger_balances(or_null(module), add_balance, &rows);
  return checked(rows);
}

py::list entries(const std::optional<std::string>& module) {
  Rows rows;
  tally_ledger_live(or_null(module), add_entry, &rows);
  return checked(rows);
}

// Destructors run.
std::uint64_t collect() {
  PyThreadState* const state = PyEval_SaveThread();
  const std::uint64_t count = tally_collect();
  take_gil(state);
  return count;
}

// Destructors run, and other threads go on.
std::uint64_t wait(double timeout, const std::optional<std::string>& module) {
  constexpr double kLongest = 4'000'000;  // in seconds, as many as its milliseconds have bits for
  if (!(timeout >= 0))
    throw py::value_error("wait() argument 'timeout' must be a number of seconds, 0 or more");
  const double milliseconds = std::ceil(std::min(timeout, kLongest) * 1000);
  PyThreadState* const state = PyEval_SaveThread();
  const std::uint64_t count = tally_wait(or_null(module), static_cast<std::uint32_t>(milliseconds));
  take_gil(state);
  return count;
}

}  // namespace

void add_ledger(py::module_& module) {
  module.def("balances", balances, py::arg("module") = py::none());
  module.def("entries", entries, py::arg("module") = py::none());
  module.def("collect", collect,
             "Runs the deferred destructors that this thread may run. Returns how many it ran.");
  module.def(
      "wait", wait, py::arg("timeout"), py::arg("module") = py::none(),
      "Waits until no destructor is deferred in the module (None: in any), for at most `timeout` seconds, "
      "and meanwhile runs those that this thread may run. Returns how many are deferred then; 0 is the "
      "success. It does not wait for what only this thread can bring about.");
  module.def("last_error", last_error,
             "The last failure of a Tallystick call on this thread, as an exception that is not raised; None "
             "if none "
             "has failed.");
  module.def(
      "write_ledger",
      [](int descriptor, bool only_unbalanced) { return tally_ledger_write(descriptor, only_unbalanced); },
      py::arg("descriptor") = 1, py::kw_only(), py::arg("only_unbalanced") = false,
      "Writes the table of balances to a file descriptor, and below it what is live. With only_unbalanced it "
      "writes "
      "nothing when nothing is live. Returns how many objects are live or deferred.");
}

}  // namespace tally::python
