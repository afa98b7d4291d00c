// See unchecked.hpp.
#include "unchecked.hpp"

#include <cstdlib>
#include <cstring>

#include "author.hpp"

using bench_author::Counter;

extern "C" {

void* unchecked_create() {
  return new Counter;
}

void unchecked_destroy(void* counter) {
  delete static_cast<Counter*>(counter);
}

void unchecked_add(void* counter, std::int64_t amount) {
  static_cast<Counter*>(counter)->add(amount);
}

int guarded_add(void* counter, std::int64_t amount) {
  try {
    static_cast<Counter*>(counter)->add(amount);
    return 0;
  } catch (...) {
    return -1;
  }
}

void unchecked_name(void* counter, const char* text, std::size_t size) {
  static_cast<Counter*>(counter)->name({text, size});
}

std::uint64_t unchecked_take(void* counter, const std::uint8_t* data, std::size_t size) {
  return static_cast<Counter*>(counter)->take({data, size});
}

std::uint8_t* unchecked_make(void*, std::uint64_t size) {
  return static_cast<std::uint8_t*>(std::malloc(size));
}

void unchecked_free(std::uint8_t* data) {
  std::free(data);
}

}  // extern "C"
