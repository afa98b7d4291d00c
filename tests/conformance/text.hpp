// Text and bytes as the table writes them: "text", {"hex": "ff00"}, {"null": 3} (no memory, but a size),
// {"terminated": "text"} (its size is left to the callee), {"hex": "ff", "size": 9} (its size is said
// wrongly).
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "table.hpp"
#include "tally/blob.h"

namespace conformance_table {

struct Text {
  std::string bytes;
  std::size_t size = 0;
  bool is_null = false;
  bool is_terminated = false;

  Text() = default;
  explicit Text(const Json& said) {
    if (said.is_string()) {
      bytes = said;
    } else if (said.contains("terminated")) {
      bytes = said["terminated"];
      is_terminated = true;
    } else if (said.contains("hex")) {
      const std::string digits = said["hex"];
      for (std::size_t i = 0; i < digits.size(); i += 2)
        bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    } else {
      is_null = true;
      size = said.at("null");
      return;
    }
    size = said.is_object() ? said.value("size", bytes.size()) : bytes.size();
  }
};

inline Json hex_of(const std::uint8_t* data, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += "0123456789abcdef"[data[i] >> 4];
    text += "0123456789abcdef"[data[i] & 15];
  }
  return {{"hex", text}};
}

/// Of a blob or a view.
template <class Memory>
Json content_of(const Memory& memory) {
  return std::string(reinterpret_cast<const char*>(memory.data), memory.size);
}

}  // namespace conformance_table
