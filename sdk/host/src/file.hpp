// A look at a module's file before the loader maps it.
#pragma once

namespace tally::host {

/// Whether the file is shorter than the segments that its own header announces. The loader would map it all
/// the same, and the process would end with SIGBUS at the first touch. Files that aren't ELF, and names that
/// are no paths, are left to the loader.
bool is_cut_short(const char* path) noexcept;

}  // namespace tally::host
