// A blob that frees itself.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "tally/blob.h"
#include "tally/bytes.hpp"
#include "tally/result.hpp"

namespace tally {
inline namespace TALLY_MODE {

/// Memory that a module made and that is now ours: readable and writable until it is freed, by the destructor
/// or by free(). Move-only; one that was moved from is empty.
class [[nodiscard]] TALLY_MEMORY_OWNER Blob {
 public:
  Blob() noexcept = default;
  /// Takes over what a C function returned.
  explicit Blob(const tally_blob& raw) noexcept : raw_(raw) {}
  Blob(Blob&& other) noexcept : raw_(std::exchange(other.raw_, tally_blob{})) {}
  Blob& operator=(Blob&& other) noexcept {
    if (this != &other) {
      tally_blob_free(&raw_);
      raw_ = std::exchange(other.raw_, tally_blob{});
    }
    return *this;
  }
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;
  ~Blob() { tally_blob_free(&raw_); }

  std::uint8_t* data() noexcept TALLY_LIFETIMEBOUND { return raw_.data; }
  const std::uint8_t* data() const noexcept TALLY_LIFETIMEBOUND { return raw_.data; }
  std::size_t size() const noexcept { return raw_.size; }
  bool empty() const noexcept { return raw_.size == 0; }
  const std::uint8_t* begin() const noexcept TALLY_LIFETIMEBOUND { return raw_.data; }
  const std::uint8_t* end() const noexcept TALLY_LIFETIMEBOUND { return raw_.data + raw_.size; }

  /// The memory as text; good as long as the blob is.
  std::string_view text() const noexcept TALLY_LIFETIMEBOUND {
    return {reinterpret_cast<const char*>(raw_.data), raw_.size};
  }

  /// Makes memory from the interface's allocate() larger or smaller. What was in it stays, up to the smaller
  /// of both sizes; data() may move. Fails, and changes nothing, with TALLY_OUT_OF_MEMORY,
  /// TALLY_LIMIT_REACHED, or TALLY_NOT_SUPPORTED for memory that a call returned.
  Result<void> resize(std::size_t size) { return check(tally_blob_resize(&raw_, size)); }

  /// Frees now, and fails if that is a misuse.
  Result<void> free() { return check(tally_blob_free(&raw_)); }
  /// Gives the memory and its token away: the caller frees it with tally_blob_free.
  [[nodiscard]] tally_blob detach() noexcept { return std::exchange(raw_, tally_blob{}); }
  /// Where a C function may write the blob that it returns; only for an empty one.
  tally_blob* receive() noexcept { return &raw_; }

 private:
  friend tally_blob* give(Blob& blob) noexcept { return &blob.raw_; }

  tally_blob raw_{};
};

/// As an `own` argument of a C function, which empties the blob exactly when it takes the memory.
tally_blob* give(Blob& blob) noexcept;

}  // namespace TALLY_MODE
}  // namespace tally
