// An author's class that remembers where memory was. Results are named, so that the compiler builds them
// where they end up.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tally/buffer.hpp"
#include "tally/bytes.hpp"

namespace mirror_module {

class Probe {
 public:
  std::uint64_t see_bytes(tally::Bytes chunk) const { return address(chunk.data()); }
  std::uint64_t see_text(std::string_view text) const { return address(text.data()); }

  tally::Buffer give_buffer(std::uint64_t size) {
    tally::Buffer result(size);
    given_ = address(result.data());
    return result;
  }

  std::vector<std::uint8_t> give_vector(std::uint64_t size) {
    std::vector<std::uint8_t> result(size, std::uint8_t{'v'});
    given_ = address(result.data());
    return result;
  }

  std::string give_string(std::uint64_t size) {
    std::string result(size, 's');
    given_ = address(result.data());
    return result;
  }

  std::string give_text(std::uint64_t size) { return give_string(size); }

  std::uint64_t given() const { return given_; }

 private:
  static std::uint64_t address(const void* memory) { return reinterpret_cast<std::uintptr_t>(memory); }

  std::uint64_t given_ = 0;
};

}  // namespace mirror_module
