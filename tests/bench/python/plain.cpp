// The object of the benchmark as most people would bind it: a class in pybind11, written the usual way.
#include <pybind11/pybind11.h>

#include <string_view>

#include "unchecked.hpp"

namespace py = pybind11;

namespace {

class Counter {
 public:
  Counter() : object_(unchecked_create()) {}
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  ~Counter() { close(); }

  void close() {
    if (object_) unchecked_destroy(object_);
    object_ = nullptr;
  }
  void add(std::int64_t amount) { unchecked_add(object_, amount); }
  void name(std::string_view text) { unchecked_name(object_, text.data(), text.size()); }
  std::uint64_t take(const py::buffer& data) {
    const py::buffer_info view = data.request();
    return unchecked_take(object_, static_cast<const std::uint8_t*>(view.ptr),
                          static_cast<std::size_t>(view.size * view.itemsize));
  }

 private:
  void* object_;
};

}  // namespace

PYBIND11_MODULE(bench_plain, module) {
  py::class_<Counter>(module, "Counter")
      .def(py::init<>())
      .def("add", &Counter::add)
      .def("name", &Counter::name)
      .def("take", &Counter::take)
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](Counter& self, const py::args&) { self.close(); });
}
