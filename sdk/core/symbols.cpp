// Sites as places in sources, for reports: by libtally_symbols, which is loaded when the first report is made
// and may not be there. Nothing waits for it: while one thread describes, others have the plain text.
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

// At the first report. It stays: reports are made until the process ends.
bool is_there() {
  if (describe) return true;
  const char* const setting = std::getenv("TALLY_SYMBOLS");
  void* const library =
      setting && std::strcmp(setting, "0") == 0 ? nullptr : open_beside("libtally_symbols.so.1");
  if (library) {
    end = reinterpret_cast<End>(function_in(library, "tally_symbols_end"));
    describe = reinterpret_cast<Describe>(function_in(library, "tally_symbols_describe"));
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

bool describe_place(tally_site site, char* buffer, std::size_t capacity) {
  char path[4096];
  std::uint64_t offset = 0;
  if (is_off || !locate(site, path, sizeof path, &offset)) return false;
  const Turn turn;
  return turn && !is_off && is_there() && describe(path, offset, buffer, capacity) != 0;
}

std::size_t place_text(tally_site site, char* buffer, std::size_t capacity) {
  const std::size_t length = site_text(site, buffer, capacity);
  char place[512];
  if (length + 1 >= capacity || !describe_place(site, place, sizeof place)) return length;
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
