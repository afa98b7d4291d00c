// All backends: one line each.
#include "generator/backends/backend.hpp"
#include "generator/backends/c/backend.hpp"
#include "generator/backends/c/naming.hpp"
#include "generator/backends/cpp/backend.hpp"
#include "generator/backends/docs/backend.hpp"
#include "generator/backends/module/backend.hpp"
#include "generator/backends/python/backend.hpp"

namespace tally::generator {

std::span<const Backend> backends() {
  static constexpr Backend kBackends[] = {
      {"c", "the C header: X.h, and its cppcheck configuration: X.cfg", c::generate, c::symbols},
      {"cpp", "the C++ wrapper: X.hpp, X_types.hpp", cpp::generate, cpp::symbols},
      {"cpp", "the glue for a module's author: X_glue.hpp, and X_host.hpp if the host supplies anything",
       module::generate, module::symbols},
      {"python", "the Python module: X_python.cpp, X_python.hpp, X.pyi", python::generate, python::symbols},
      {"docs", "a reference in Markdown: X.md", docs::generate, docs::symbols},
  };
  return kBackends;
}

}  // namespace tally::generator
