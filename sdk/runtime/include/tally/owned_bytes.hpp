// Memory that the author's code owns: what an `own bytes` or `own string` parameter is inside the module.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "tally/blob.h"
#include "tally/bytes.hpp"

namespace tally {

/// A blob, of whichever module made it; goes back to that when it ends. Move-only; any thread, one at a time.
class OwnedBytes {
 public:
  OwnedBytes() = default;
  OwnedBytes(OwnedBytes&& other) noexcept : blob_(std::exchange(other.blob_, tally_blob{})) {}
  OwnedBytes& operator=(OwnedBytes&& other) noexcept {
    std::swap(blob_, other.blob_);
    return *this;
  }
  OwnedBytes(const OwnedBytes&) = delete;
  OwnedBytes& operator=(const OwnedBytes&) = delete;
  ~OwnedBytes();

  explicit operator bool() const noexcept { return blob_.owner != nullptr; }
  std::uint8_t* data() const noexcept { return blob_.data; }
  std::size_t size() const noexcept { return blob_.size; }
  operator Bytes() const noexcept { return {blob_.data, blob_.size}; }
  /// Of an `own string`.
  std::string_view text() const noexcept { return {reinterpret_cast<const char*>(blob_.data), blob_.size}; }

  /// For the glue: takes over a blob, says its token, and gives it away.
  explicit OwnedBytes(const tally_blob& blob) noexcept : blob_(blob) {}
  std::uint64_t token() const noexcept { return reinterpret_cast<std::uint64_t>(blob_.owner); }
  tally_blob detach() noexcept { return std::exchange(blob_, tally_blob{}); }

 private:
  tally_blob blob_{};
};

}  // namespace tally
