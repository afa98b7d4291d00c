// The same object behind a C ABI as people write it by hand: a pointer, and nothing checked; once also with
// what any C ABI needs that calls C++, a status instead of exceptions.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
void* unchecked_create();
void unchecked_destroy(void* counter);
void unchecked_add(void* counter, std::int64_t amount);
int guarded_add(void* counter, std::int64_t amount);  // exceptions as a status
void unchecked_name(void* counter, const char* text, std::size_t size);
std::uint64_t unchecked_take(void* counter, const std::uint8_t* data, std::size_t size);
std::uint8_t* unchecked_make(void* counter, std::uint64_t size);
void unchecked_free(std::uint8_t* data);
}
