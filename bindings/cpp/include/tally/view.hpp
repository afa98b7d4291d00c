// A view that closes itself.
#pragma once

#include <string_view>
#include <utility>

#include "tally/bytes.hpp"
#include "tally/result.hpp"
#include "tally/view.h"

namespace tally {
inline namespace TALLY_MODE {

/// Memory inside an object, which stays readable until the view is closed, by the destructor or by close().
/// While it is open the object is not destroyed, only revoked, and methods that would invalidate the memory
/// fail with TALLY_BORROWED; its module can't be unloaded. Belongs to the thread of its object. Move-only;
/// one that was moved from is empty.
class [[nodiscard]] TALLY_MEMORY_OWNER View {
 public:
  View() noexcept = default;
  /// Takes over what a C function returned.
  explicit View(const tally_view& raw) noexcept : raw_(raw) {}
  View(View&& other) noexcept : raw_(std::exchange(other.raw_, tally_view{})) {}
  View& operator=(View&& other) noexcept {
    if (this != &other) {
      tally_view_close(&raw_);
      raw_ = std::exchange(other.raw_, tally_view{});
    }
    return *this;
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View() { tally_view_close(&raw_); }

  const std::uint8_t* data() const noexcept TALLY_LIFETIMEBOUND { return raw_.data; }
  std::size_t size() const noexcept { return raw_.size; }
  bool empty() const noexcept { return raw_.size == 0; }
  const std::uint8_t* begin() const noexcept TALLY_LIFETIMEBOUND { return raw_.data; }
  const std::uint8_t* end() const noexcept TALLY_LIFETIMEBOUND { return raw_.data + raw_.size; }

  /// The memory, or the same as text; good while the view is open.
  Bytes bytes() const noexcept TALLY_LIFETIMEBOUND { return {raw_.data, raw_.size}; }
  std::string_view text() const noexcept TALLY_LIFETIMEBOUND {
    return {reinterpret_cast<const char*>(raw_.data), raw_.size};
  }

  /// Closes now; of an empty view it does nothing. TALLY_DEFERRED is a success: its thread, another one, has
  /// to close it. Fails if that is a misuse.
  Result<tally_status> close() { return check_status(tally_view_close(&raw_)); }
  /// Gives the view and its token away: the caller closes it with tally_view_close.
  [[nodiscard]] tally_view detach() noexcept { return std::exchange(raw_, tally_view{}); }
  /// Where a C function may write the view that it returns; only for an empty one.
  tally_view* receive() noexcept { return &raw_; }

 private:
  tally_view raw_{};
};

}  // namespace TALLY_MODE
}  // namespace tally
