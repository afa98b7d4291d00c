/* What a host may choose when it opens a module: where its memory comes from, and how much it may hold. */
#ifndef TALLY_ALLOCATOR_H
#define TALLY_ALLOCATOR_H

#include <stddef.h>
#include <stdint.h>

#include "tally/macros.h"

TALLY_EXTERN_C_BEGIN

/* The host's allocator. Functions may be called from any thread, must not throw, and must stay callable until
   the module is unloaded; what was allocated with one allocator is freed with it. `alignment` is a power of
   two. */
typedef struct tally_allocator {
  void *(TALLY_CALL *allocate)(void *user, size_t size, size_t alignment); /* null: no memory is left */
  /* The same memory in another size, its content kept; null: none is left, and the old memory is as it was.
     May itself be null: then it is done with the other two. */
  void *(TALLY_CALL *reallocate)(void *user, void *memory, size_t old_size, size_t new_size,
                                 size_t alignment);
  void(TALLY_CALL *free)(void *user, void *memory, size_t size, size_t alignment);
  void *user;
} tally_allocator;

/* How a module is to be opened. Set `size`, and zero the rest.

   The module takes from `allocator`, and counts towards `most_bytes`, what X_allocate gives out and what the
   author's code allocates through Tallystick: a tally::Buffer, and containers with tally::memory(). It does
   not see what that code takes from malloc or new itself, as a std::vector does, nor count the slots that
   objects live in: those are limited by `most_handles`. */
typedef struct tally_module_options {
  uint32_t size; /* of this struct, as the host knows it */
  uint32_t reserved;
  const tally_allocator *allocator; /* copied; null: malloc */
  uint64_t most_handles;            /* live objects, blobs and views at once; 0: no limit */
  uint64_t most_bytes;              /* see below; 0: no limit */
} tally_module_options;

TALLY_STATIC_ASSERT(sizeof(tally_module_options) == 32, "tally_module_options only grows at its end");

TALLY_EXTERN_C_END

#endif
