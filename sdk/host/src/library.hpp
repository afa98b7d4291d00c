// A loaded shared library, once for however many tally_modules were loaded from its file: what was made for
// one of them, and may still be in use by objects, stays until the last of them has gone.
#pragma once

#include "tally/module.h"

namespace tally::host {

struct Library;

/// The library that dlopen gave this handle for; each call wants a release. Null when out of memory.
Library* acquire_library(void* handle) noexcept;
/// Gives it back, and closes one opening of the loader's.
void release_library(Library* library) noexcept;

/// A table of the caller's length: the module's shorter one, and the rest from the caller's own. Null when
/// out of memory.
const tally_table_header* lengthen(Library& library, const tally_table_header& shorter,
                                   const tally_table_header& own) noexcept;

}  // namespace tally::host
