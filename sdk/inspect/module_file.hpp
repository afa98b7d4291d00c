// What stands in a module's file: its descriptors, and the names that it exports. Nothing of it is run.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tally::inspect {

struct ModuleFile {
  std::vector<std::string> descriptors;  ///< JSON texts of the section .tallystick, in its order
  std::vector<std::string> exports;      ///< defined dynamic symbols, sorted, without their version
};

/// The file, or what is wrong with it.
struct Read {
  std::optional<ModuleFile> module;
  std::string problem;
};

/// Never throws on anything that a file can hold.
Read read_module(const std::string& path);

}  // namespace tally::inspect
