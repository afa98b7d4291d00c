/* A libtally that is not ours: of an earlier release, with less to offer (OLD); of another major (ALIEN); of
   a later release, with more (NEW), which has what ours has from the file that TALLY_TEST_LIBTALLY names. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "tally/core.h"

const tally_core* TALLY_CALL tally_core_entry(uint16_t abi_major) {
#if defined(ALIEN)
  (void)abi_major;
  return NULL;
#elif defined(OLD)
  static tally_core core;
  core.size = TALLY_CORE_FIRST_SIZE - sizeof(void*);
  core.abi_major = abi_major;
  core.abi_minor = 0;
  core.release = "0.0.9";
  return &core;
#else
  static struct {
    tally_core known;
    void* unknown[4];
  } core;
  void* ours = dlopen(getenv("TALLY_TEST_LIBTALLY"), RTLD_NOW | RTLD_LOCAL);
  const tally_core* (*entry)(uint16_t) = NULL;
  void* found = ours ? dlsym(ours, "tally_core_entry") : NULL;
  memcpy(&entry, &found, sizeof entry);
  if (!entry) abort();
  core.known = *entry(abi_major);
  core.known.size = sizeof core;
  core.known.abi_minor = 7;
  return &core.known;
#endif
}
