// Sites as places in sources, for reports: by libtally_symbols, which is loaded when the first report is made
// and may not be there. Nothing waits for it: while one thread describes, others have the plain text.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "services.hpp"

namespace tally::core {
namespace {

using Describe = int (*)(const char* path, std::uint64_t offset, char* buffer, std::size_t capacity);
using End = void (*)();

constinit bool is_busy = false;
constinit bool is_off = false;  // there is none, it is not wanted, or this is a forked child
constinit Describe describe = nullptr;
constinit End end = nullptr;

constexpr char kName[] = "libtally_symbols.so.1";

// Beside libtally first: where a sanitizer has its own dlopen, libtally's search path does not count.
void* open_library() {
  char path[4096];
  Dl_info self;
  const char* const slash = dladdr(reinterpret_cast<const void*>(&open_library), &self)
                                ? std::strrchr(self.dli_fname, '/')
                                : nullptr;
  if (slash) {
    const std::size_t folder = static_cast<std::size_t>(slash - self.dli_fname) + 1;
    if (folder + sizeof kName <= sizeof path) {
      std::memcpy(path, self.dli_fname, folder);
      std::memcpy(path + folder, kName, sizeof kName);
      if (void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) return library;
    }
  }
  return dlopen(kName, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
}

// At the first report. It stays: reports are made until the process ends.
bool is_there() {
  if (describe) return true;
  const char* const setting = std::getenv("TALLY_SYMBOLS");
  void* const library = setting && std::strcmp(setting, "0") == 0 ? nullptr : open_library();
  if (library) {
    end = reinterpret_cast<End>(dlsym(library, "tally_symbols_end"));
    describe = reinterpret_cast<Describe>(dlsym(library, "tally_symbols_describe"));
  }
  is_off = !describe || !end;
  return !is_off;
}

class Turn {
 public:
  Turn() : has_it_(!__atomic_exchange_n(&is_busy, true, __ATOMIC_ACQUIRE)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (has_it_) __atomic_store_n(&is_busy, false, __ATOMIC_RELEASE);
  }
  explicit operator bool() const { return has_it_; }

 private:
  bool has_it_;
};

}  // namespace

std::size_t place_text(tally_site site, char* buffer, std::size_t capacity) {
  const std::size_t length = site_text(site, buffer, capacity);
  char path[4096];
  std::uint64_t offset = 0;
  if (is_off || length + 1 >= capacity || !locate(site, path, sizeof path, &offset)) return length;
  const Turn turn;
  char place[512];
  if (!turn || is_off || !is_there() || !describe(path, offset, place, sizeof place)) return length;
  const int more = std::snprintf(buffer + length, capacity - length, " (%s)", place);
  return length + (more > 0 ? static_cast<std::size_t>(more) : 0);
}

void close_symbols() {
  const Turn turn;
  if (turn && end && !is_off) end();
}

void describe_no_more() {
  is_off = true;
}

}  // namespace tally::core
