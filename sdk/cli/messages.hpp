// How mistakes in a description are shown.
#pragma once

#include <ostream>

#include "generator/load/diagnostic.hpp"

namespace tally::cli {

/// Mistakes at a place start with it, as compilers' do, so that editors can jump there; those about the file
/// as a whole start with the program's name.
inline void show(const generator::Diagnostics& diagnostics, std::ostream& err) {
  for (const generator::Diagnostic& diagnostic : diagnostics.sorted()) {
    if (diagnostic.position == generator::Position{}) err << "tallystick: ";
    err << generator::format(diagnostics.file(), diagnostic) << '\n';
  }
}

}  // namespace tally::cli
