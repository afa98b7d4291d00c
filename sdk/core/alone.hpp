// One libtally in a process, also where there are several files of it.
#pragma once

#include <cstdint>

#include "tally/core.h"

namespace tally::core {

using Entry = decltype(&tally_core_entry);

/// The entry of a copy of libtally that was started before this one: of another file, which the dynamic
/// linker keeps apart. Null if there is none. To be called once, when this one starts: starts follow each
/// other, since the dynamic linker runs them under its lock.
Entry find_first_copy() noexcept;

}  // namespace tally::core
