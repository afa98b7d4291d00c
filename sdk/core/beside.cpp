// The libraries that are installed beside libtally, and loaded only when they are wanted.
#include <dlfcn.h>

#include <cstring>

#include "services.hpp"

namespace tally::core {

// By its path first: where a sanitizer has its own dlopen, libtally's search path does not count.
void* open_beside(const char* name) {
  constexpr int kHow = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;
  char path[4096];
  Dl_info self;
  const char* const slash = dladdr(reinterpret_cast<const void*>(&open_beside), &self)
                                ? std::strrchr(self.dli_fname, '/')
                                : nullptr;
  if (slash) {
    const std::size_t folder = static_cast<std::size_t>(slash - self.dli_fname) + 1;
    const std::size_t size = std::strlen(name) + 1;
    if (folder + size <= sizeof path) {
      std::memcpy(path, self.dli_fname, folder);
      std::memcpy(path + folder, name, size);
      if (void* const library = dlopen(path, kHow)) return library;
    }
  }
  return dlopen(name, kHow);
}

void* function_in(void* library, const char* name) {
  return dlsym(library, name);
}

}  // namespace tally::core
